/**
 * AgentOS: serves agents, teams and workflows over HTTP, to the clients that AgentOS has already. Start with {@link
 * dev.rein.os.AgentOS}.
 */
@NullMarked
package dev.rein.os;

import org.jspecify.annotations.NullMarked;
