package dev.rein.team;

import dev.rein.agent.AgentSettings;
import dev.rein.runtime.Component;
import java.util.List;

/**
 * The settings of a team; see {@link TeamBuilder} for their meaning. Immutable.
 *
 * @param leader the settings of the leader
 * @param members see {@link TeamBuilder#members}
 * @param mode see {@link TeamBuilder#mode}
 * @param streamMemberEvents see {@link TeamBuilder#streamMemberEvents}
 * @param maxIterations see {@link TeamBuilder#maxIterations}
 * @param routeRewrites see {@link TeamBuilder#routeRewrites}
 * @param shareAnswers see {@link TeamBuilder#shareAnswers}
 * @param passInputOn see {@link TeamBuilder#passInputOn}
 * @param memberHistory see {@link TeamBuilder#memberHistory}
 */
public record TeamSettings(
        AgentSettings leader,
        List<Component> members,
        TeamMode mode,
        boolean streamMemberEvents,
        int maxIterations,
        boolean routeRewrites,
        boolean shareAnswers,
        boolean passInputOn,
        int memberHistory) {

    /** Returns a copy with other settings of the leader. */
    public TeamSettings with(AgentSettings newLeader) {
        return new TeamSettings(
                newLeader,
                members,
                mode,
                streamMemberEvents,
                maxIterations,
                routeRewrites,
                shareAnswers,
                passInputOn,
                memberHistory);
    }
}
