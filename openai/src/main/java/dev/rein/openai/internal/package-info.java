/**
 * The implementation of the models in {@code dev.rein.openai}; not for use by others. {@link
 * dev.rein.openai.internal.ModelApi} is the entry point: one implementation for chat completions and one for the responses API
 * map requests to JSON, and their assemblers put the parts of a streamed response together.
 */
@NullMarked
package dev.rein.openai.internal;

import org.jspecify.annotations.NullMarked;
