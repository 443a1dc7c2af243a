package dev.rein.session;

import dev.rein.run.TeamTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a paused team has come that gives work to several members in one call, or works off tasks, so that another process need
 * not do again what was done.
 *
 * @param parts the work given in calls that have not come back, in the order in which it was given
 * @param tasks its tasks, in the order of their creation; empty for a team without
 * @param summary what its leader has said of all that was done; null until it has
 * @param iteration of a team that works off tasks the round that it is in, from 1; 0 for others
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
     * What one call has given to one member.
     *
     * @param toolCallId the leader's call
     * @param key what tells it from others of the call: the id of the task, or of the member
     * @param memberId the member; null when nobody was given it
     * @param runId the member's run; null when nobody was given it
     * @param answer what the leader gets to read; null while the run waits
     * @param completed whether it was done
     */
    public record Delegation(
            String toolCallId,
            String key,
            @Nullable String memberId,
            @Nullable String runId,
            @Nullable String answer,
            boolean completed) {}
}
