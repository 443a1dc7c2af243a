package dev.rein.run.event;

import dev.rein.model.FinishReason;
import dev.rein.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model's response is complete.
 *
 * @param meta origin, index and time of the event
 * @param model the id of the model
 * @param provider the model's provider
 * @param usage the tokens counted by the provider; null if it sent no count
 * @param timeToFirstToken the time from the request to the first token; null if nothing was streamed
 * @param finishReason why the response ended; null in events that an earlier version has stored
 * @param rawFinishReason the reason in the provider's words; null when unknown
 */
public record ModelRequestCompleted(
        EventMeta meta,
        String model,
        String provider,
        @Nullable Usage usage,
        @Nullable Duration timeToFirstToken,
        @Nullable FinishReason finishReason,
        @Nullable String rawFinishReason)
        implements ModelEvent {}
