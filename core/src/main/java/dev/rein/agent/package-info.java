/**
 * Agents: a model, instructions and tools, run in a loop until the model has answered. Start with {@link
 * dev.rein.agent.Agent#builder()}.
 */
@NullMarked
package dev.rein.agent;

import org.jspecify.annotations.NullMarked;
