/**
 * The implementation of the models in {@code dev.rein.openai}; not for use by others. {@link dev.rein.openai.internal.ModelApi} is the
 * entry point, {@link dev.rein.openai.internal.StoppableExchange} an HTTP exchange that a stop aborts, and {@link
 * dev.rein.openai.internal.HttpTransport} connects it to OpenAI's SDK. The other classes map requests and assemble responses.
 */
@NullMarked
package dev.rein.openai.internal;

import org.jspecify.annotations.NullMarked;
