package dev.rein.run;

import dev.rein.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run used: its own part, and with it what the runs below it used, such as a team's members and a workflow's steps.
 *
 * @param usage tokens of its own calls, as the provider counts them
 * @param estimated whether {@code usage} or {@code totalUsage} holds estimates, because a response was cut before its count came
 * @param modelCalls requests sent, retries included
 * @param toolCalls tools called
 * @param duration from the start of the work to the end; so far, while it runs
 * @param timeToFirstToken from the start of the work; null when none came
 * @param cost US dollars of its own calls; null when the price is unknown
 * @param totalUsage tokens of its own calls, and of the runs below it that have ended
 * @param totalCost US dollars of the same; null when a price is unknown
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

    /** The metrics of a run that has not begun to work. */
    public static final RunMetrics NONE =
            new RunMetrics(Usage.NONE, false, 0, 0, Duration.ZERO, null, null, Usage.NONE, null);
}
