/**
 * Language models: requests, responses, messages, prices and failures. Start with {@link dev.rein.model.Model}, which an
 * adapter to a provider implements. The {@link dev.rein.model.ModelCall} of each request receives the streamed deltas and
 * provides the cancellation.
 */
@NullMarked
package dev.rein.model;

import org.jspecify.annotations.NullMarked;
