/**
 * One small program for each thing that people want to do with Rein. Each has a {@code main}. Most ask the model given as their
 * first argument or in {@code REIN_MODEL}, and find the server by {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL}.
 * Start with {@link dev.rein.examples.CancelAgentFromAnotherThread}.
 */
@NullMarked
package dev.rein.examples;

import org.jspecify.annotations.NullMarked;
