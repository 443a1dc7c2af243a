package dev.rein.run;

import dev.rein.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a run, of itself and in total with the runs below it, such as those of a team's members and a workflow's steps.
 *
 * @param usage the tokens of its own model calls, as counted by the provider
 * @param estimated whether {@code usage} or {@code totalUsage} contains estimates, because a response ended before its count
 *     arrived
 * @param modelCalls the number of model requests, including retries
 * @param toolCalls the number of tool calls
 * @param duration the time from the start of the work to the end, or until now
 * @param timeToFirstToken the time from the start of the work to the first token; null if there was none
 * @param cost the cost of its own calls in US dollars; null if the price is unknown
 * @param totalUsage the tokens of its own calls and of the ended runs below it
 * @param totalCost the cost of {@code totalUsage} in US dollars; null if a price is unknown
 */
public record RunMetrics(
        Usage usage,
        boolean estimated,
        int modelCalls,
        int toolCalls,
        Duration duration,
        @Nullable Duration timeToFirstToken,
        @Nullable Double cost,
        Usage totalUsage,
        @Nullable Double totalCost) {

    /** The metrics of a run that has not started to work. */
    public static final RunMetrics NONE =
            new RunMetrics(Usage.NONE, false, 0, 0, Duration.ZERO, null, null, Usage.NONE, null);
}
