package dev.rein.print;

import dev.rein.model.Usage;
import dev.rein.run.RunMetrics;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.ToolCallStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Adds up what a run and those below it have used, by their events. */
final class Tally {
    private @Nullable Instant first;
    private @Nullable Instant last;
    private int requests;
    private int calls;
    private long inputTokens;
    private long outputTokens;

    void add(RunEvent event) {
        var at = event.meta().createdAt();
        first = first == null ? at : first;
        last = at;
        switch (event) {
            case ModelRequestStarted _ -> requests++;
            case ToolCallStarted _ -> calls++;
            case ModelRequestCompleted e -> {
                var usage = e.usage() == null ? Usage.NONE : e.usage();
                inputTokens += usage.inputTokens();
                outputTokens += usage.outputTokens();
            }
            default -> {}
        }
    }

    /**
     * What was used, in words.
     *
     * @param metrics those of the run at the top; null if unknown
     */
    String describe(@Nullable RunMetrics metrics, String separator) {
        var parts = new ArrayList<String>();
        parts.add(Words.took(duration(metrics)));
        if (requests > 0) {
            parts.add(Words.count(requests, "model request"));
        }
        if (calls > 0) {
            parts.add(Words.count(calls, "tool call"));
        }
        // Totals have what an event does not: the estimate of a response that was stopped.
        var input = metrics == null ? inputTokens : metrics.totalUsage().inputTokens();
        var output = metrics == null ? outputTokens : metrics.totalUsage().outputTokens();
        if (input + output > 0) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%,d tokens in, %,d out%s",
                    input,
                    output,
                    metrics != null && metrics.estimated() ? " (estimated)" : ""));
        }
        if (metrics != null && metrics.totalCost() != null && metrics.totalCost() > 0) {
            parts.add(Words.dollars(metrics.totalCost()));
        }
        return String.join(separator, parts);
    }

    private Duration duration(@Nullable RunMetrics metrics) {
        if (metrics != null) {
            return metrics.duration();
        }
        return first == null || last == null ? Duration.ZERO : Duration.between(first, last);
    }
}
