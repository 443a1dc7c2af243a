/**
 * One small program for each thing that people want to do with Rein. Each has a {@code main}, asks the model given as its
 * first argument or in {@code REIN_MODEL}, and finds the server by {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL}.
 * Start with {@link dev.rein.examples.CancelAgentFromAnotherThread}.
 */
@NullMarked
package dev.rein.examples;

import org.jspecify.annotations.NullMarked;
