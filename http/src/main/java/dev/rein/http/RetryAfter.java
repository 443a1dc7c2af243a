package dev.rein.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The wait requested by a provider: {@code retry-after-ms}, or {@code Retry-After} of RFC 9110, in seconds or as a date. */
final class RetryAfter {

    private RetryAfter() {}

    /** Null if the response requests no wait, or the value is not valid. */
    static @Nullable Duration of(StreamedResponse response) {
        var millis = response.header("retry-after-ms");
        if (millis != null) {
            var wait = number(millis, 1);
            if (wait != null) {
                return wait;
            }
        }
        var value = response.header("retry-after");
        return value == null ? null : parse(value.strip(), Instant.now());
    }

    static @Nullable Duration parse(String value, Instant now) {
        var wait = number(value, 1_000);
        if (wait != null) {
            return wait;
        }
        try {
            var until = Duration.between(
                    now,
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Null if the text is no number of seconds. */
    static @Nullable Duration seconds(String value) {
        return number(value, 1_000);
    }

    private static @Nullable Duration number(String value, int millisPerUnit) {
        try {
            var millis = Double.parseDouble(value.strip()) * millisPerUnit;
            return millis >= 0 && millis < Integer.MAX_VALUE ? Duration.ofMillis((long) millis) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
