package dev.rein.run.event;

import dev.rein.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The model's response is complete.
 *
 * @param meta where and when
 * @param model the model's id
 * @param provider its provider
 * @param usage the provider's count; null when it gave none
 * @param timeToFirstToken from the request; null when nothing was streamed
 */
public record ModelRequestCompleted(
        EventMeta meta,
        String model,
        String provider,
        @Nullable Usage usage,
        @Nullable Duration timeToFirstToken) implements ModelEvent {}
