package dev.rein.session;

import dev.rein.model.Usage;
import java.util.List;

/**
 * A summary of the root runs of a session, for lists of sessions.
 *
 * @param runs the number of runs, at least 1
 * @param firstInput the input text of the first run
 * @param usage the tokens of the ended runs and the runs below them
 */
public record SessionOverview(int runs, String firstInput, Usage usage) {

    /**
     * Returns the summary of the given runs.
     *
     * @param runs the root runs of a session in the order of their start, at least one
     */
    public static SessionOverview of(List<StoredRun> runs) {
        var usage = runs.stream().map(SessionOverview::usage).reduce(Usage.NONE, Usage::plus);
        return new SessionOverview(runs.size(), runs.getFirst().input().text(), usage);
    }

    private static Usage usage(StoredRun run) {
        var metrics = run.metrics();
        return metrics == null ? Usage.NONE : metrics.totalUsage();
    }
}
