/**
 * Agents: a model with instructions and tools, called in a loop until it answers. Start with {@link
 * dev.rein.agent.Agent#builder()}. Agents are run, streamed and started with the methods of {@link
 * dev.rein.runtime.Component}.
 */
@NullMarked
package dev.rein.agent;

import org.jspecify.annotations.NullMarked;
