package dev.rein.team;

import dev.rein.agent.AgentSettings;
import dev.rein.runtime.Component;
import java.util.List;

/**
 * What a team was built with; see {@link TeamBuilder} for the meaning of each.
 *
 * @param leader what its leader was built with
 * @param members see {@link TeamBuilder#members}
 * @param mode see {@link TeamBuilder#mode}
 * @param streamMemberEvents see {@link TeamBuilder#streamMemberEvents}
 * @param maxIterations see {@link TeamBuilder#maxIterations}
 */
public record TeamSettings(
        AgentSettings leader, List<Component> members, TeamMode mode, boolean streamMemberEvents, int maxIterations) {}
