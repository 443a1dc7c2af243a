package dev.rein.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts durations such as {@code 500ms}, {@code 3s}, {@code 1.5s} and {@code 1m}. */
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h)");

    @Override
    public Duration convert(String value) {
        var match = FORM.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw new TypeConversionException("'" + value + "' is not a duration: use a form such as 500ms, 3s or 1m");
        }
        var millis = switch (match.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(match.group(1)) * millis * 1e6));
    }

    /** Formats a duration in the unit that suits its size; below 10 ms with one decimal. */
    public static String format(Duration duration) {
        var millis = duration.toNanos() / 1e6;
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.1fms", millis);
        }
        if (millis < 1_000) {
            return Math.round(millis) + "ms";
        }
        if (millis < 60_000) {
            var seconds = millis / 1_000;
            return seconds == Math.rint(seconds) ? (long) seconds + "s" : String.format(Locale.ROOT, "%.1fs", seconds);
        }
        return String.format(Locale.ROOT, "%dm%02ds", (long) millis / 60_000, (long) millis / 1_000 % 60);
    }
}
