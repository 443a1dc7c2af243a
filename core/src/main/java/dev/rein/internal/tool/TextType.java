package dev.rein.internal.tool;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type that is represented as a formatted string in JSON.
 *
 * @param keyword the schema keyword for the format, {@code format} or {@code pattern}; null if there is none
 * @param form the value of that keyword
 * @param example a description with an example for the model
 */
record TextType<T>(
        Class<T> type, Function<String, T> parse, @Nullable String keyword, String form, String example) {

    private static final String TIME_PATTERN = "\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?$";

    // Only formats that OpenAI's strict mode supports. Local times use patterns because the formats of RFC 3339 require
    // an
    // offset.
    static final List<TextType<?>> ALL = List.of(
            format(Instant.class, Instant::parse, "date-time", "a time such as 2026-01-31T12:00:00Z"),
            format(
                    OffsetDateTime.class,
                    OffsetDateTime::parse,
                    "date-time",
                    "a time such as 2026-01-31T12:00:00+01:00"),
            format(ZonedDateTime.class, ZonedDateTime::parse, "date-time", "a time such as 2026-01-31T12:00:00+01:00"),
            format(LocalDate.class, LocalDate::parse, "date", "a date such as 2026-01-31"),
            pattern(
                    LocalDateTime.class,
                    LocalDateTime::parse,
                    "^\\d{4}-\\d{2}-\\d{2}T" + TIME_PATTERN,
                    "a local date and time such as 2026-01-31T12:00:00"),
            pattern(LocalTime.class, LocalTime::parse, "^" + TIME_PATTERN, "a local time such as 12:00:00"),
            format(Duration.class, Duration::parse, "duration", "an ISO-8601 duration such as PT1H30M"),
            format(Period.class, Period::parse, "duration", "an ISO-8601 period such as P1Y2M3D"),
            format(UUID.class, UUID::fromString, "uuid", "a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
            new TextType<>(URI.class, URI::create, null, "", "a URI such as https://example.org/a"));

    private static final Map<Class<?>, TextType<?>> BY_CLASS =
            ALL.stream().collect(Collectors.toUnmodifiableMap(TextType::type, Function.identity()));

    static @Nullable TextType<?> of(Class<?> type) {
        return BY_CLASS.get(type);
    }

    private static <T> TextType<T> format(Class<T> type, Function<String, T> parse, String form, String example) {
        return new TextType<>(type, parse, "format", form, example);
    }

    private static <T> TextType<T> pattern(Class<T> type, Function<String, T> parse, String form, String example) {
        return new TextType<>(type, parse, "pattern", form, example);
    }
}
