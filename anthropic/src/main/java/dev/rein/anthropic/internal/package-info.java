/**
 * The implementation of {@code dev.rein.anthropic}; not for use by others. {@link dev.rein.anthropic.internal.MessagesApi} is the entry
 * point, {@link dev.rein.anthropic.internal.MessagesRequestMapper} writes requests, and {@link
 * dev.rein.anthropic.internal.MessagesAssembler} reads responses.
 */
@NullMarked
package dev.rein.anthropic.internal;

import org.jspecify.annotations.NullMarked;
