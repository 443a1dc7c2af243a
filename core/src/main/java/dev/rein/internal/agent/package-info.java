/** The runs of agents: the loop of model requests and tool calls. Start with {@link dev.rein.internal.agent.AgentLoop}. */
@NullMarked
package dev.rein.internal.agent;

import org.jspecify.annotations.NullMarked;
