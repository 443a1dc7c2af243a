package dev.rein.bench.walk;

import dev.rein.run.RunStatus;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what a walk has done. Thread-safe. */
final class Tally {
    private final Map<RunStatus, Long> ends = new EnumMap<>(RunStatus.class);
    private long cases;
    private long watched;
    private long runs;
    private long stops;
    private long code;

    synchronized void count(Outcome outcome) {
        cases++;
        watched += outcome.watched() ? 1 : 0;
        runs += Math.max(
                1,
                outcome.events().stream().map(event -> event.runId()).distinct().count());
        var journal = outcome.run().journal();
        stops += journal.stops().size();
        code += journal.starts().size();
        ends.merge(outcome.output().status(), 1L, Long::sum);
    }

    synchronized String line(long nanos) {
        var seconds = nanos / 1e9;
        return String.format(
                Locale.ROOT,
                "%6.0f s: %d cases, %d runs, %d stops, %.0f cases/s",
                seconds,
                cases,
                runs,
                stops,
                cases / Math.max(seconds, 1e-3));
    }

    synchronized String details() {
        return Arrays.stream(RunStatus.values())
                        .filter(ends::containsKey)
                        .map(status -> ends.get(status) + " " + status)
                        .collect(Collectors.joining(", "))
                + "; " + watched + " were seen whole; user code was called " + code + " times";
    }
}
