package dev.rein.run;

import dev.rein.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run used, its children not included.
 *
 * @param usage tokens, as the provider counts them
 * @param estimated whether {@code usage} holds estimates, because a response was cut before its count came
 * @param modelCalls requests sent, retries included
 * @param toolCalls tools called
 * @param duration from the start of the work to the end; so far, while it runs
 * @param timeToFirstToken from the start of the work; null when none came
 * @param cost US dollars; null when the price is unknown
 */
public record RunMetrics(
        Usage usage,
        boolean estimated,
        int modelCalls,
        int toolCalls,
        Duration duration,
        @Nullable Duration timeToFirstToken,
        @Nullable Double cost) {}
