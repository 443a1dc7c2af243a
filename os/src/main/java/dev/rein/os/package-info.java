/**
 * AgentOS: serves agents, teams and workflows over HTTP, compatible with existing AgentOS clients. Start with
 * {@link dev.rein.os.AgentOS}.
 */
@NullMarked
package dev.rein.os;

import org.jspecify.annotations.NullMarked;
