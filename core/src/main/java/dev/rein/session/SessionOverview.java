package dev.rein.session;

import dev.rein.model.Usage;
import java.util.List;

/**
 * The root runs of a session, as a list of sessions shows them.
 *
 * @param runs how many there are; at least 1
 * @param firstInput what the first one was given
 * @param usage the tokens of those that have ended, and of the runs below them
 */
public record SessionOverview(int runs, String firstInput, Usage usage) {

    /** @param runs the root runs of a session in the order of their start; at least one */
    public static SessionOverview of(List<StoredRun> runs) {
        var usage = runs.stream().map(SessionOverview::usage).reduce(Usage.NONE, Usage::plus);
        return new SessionOverview(runs.size(), runs.getFirst().input().text(), usage);
    }

    private static Usage usage(StoredRun run) {
        var metrics = run.metrics();
        return metrics == null ? Usage.NONE : metrics.totalUsage();
    }
}
