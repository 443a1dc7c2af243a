package dev.rein.session;

import dev.rein.run.TeamTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a paused team that delegates to several members in one call or has a task list, so that completed work is not
 * repeated when the team is resumed. Immutable. The names of the components are names in stored JSON.
 *
 * @param parts the delegations of open tool calls, in their order
 * @param tasks the tasks, in the order of their creation; empty for a team without a task list
 * @param summary the final summary of the leader; null for none so far
 * @param iteration the current iteration of a team in mode TASKS, from 1; 0 for others
 */
public record StoredTeam(
        List<Delegation> parts,
        List<TeamTask> tasks,
        @Nullable String summary,
        int iteration) {
    public StoredTeam {
        parts = List.copyOf(parts);
        tasks = List.copyOf(tasks);
    }

    /**
     * The work that a tool call of the leader delegates to a member.
     *
     * @param toolCallId the id of the tool call
     * @param key the key of the delegation within the call: the id of the task or of the member
     * @param memberId the id of the member; null if none could be assigned
     * @param runId the id of the member's run; null if none could be assigned
     * @param answer the result for the leader; null while the run is paused
     * @param completed whether the member has completed the work
     */
    public record Delegation(
            String toolCallId,
            String key,
            @Nullable String memberId,
            @Nullable String runId,
            @Nullable String answer,
            boolean completed) {}
}
