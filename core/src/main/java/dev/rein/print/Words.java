package dev.rein.print;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.run.ToolExecution;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words of lines: calls, times, amounts. The results have no control characters and no line breaks. */
final class Words {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_PARSED = 100_000;
    private static final int SECONDS_OF_MINUTE = 60;

    private Words() {}

    /** A tool call such as {@code search(query: "dragons", limit: 5)}, cut to a width. */
    static String call(ToolExecution tool, int columns) {
        var name = TextWidth.cut(PlainText.line(tool.toolName()), columns / 2);
        var arguments = tool.arguments();
        var shown = arguments.length() > MAX_PARSED ? arguments.substring(0, columns) : arguments(arguments);
        var most = Math.max(columns - TextWidth.of(name) - 2, 3);
        return name + "(" + TextWidth.cut(PlainText.line(shown), most) + ")";
    }

    private static String arguments(String json) {
        try {
            var arguments = JSON.readTree(json);
            if (arguments.isObject()) {
                return arguments.properties().stream()
                        .map(each -> each.getKey() + ": " + value(each.getValue()))
                        .collect(Collectors.joining(", "));
            }
        } catch (JsonProcessingException e) {
            // Models may write what is no JSON; it is shown as it is.
        }
        return json;
    }

    private static String value(JsonNode value) {
        return value.isTextual() ? '"' + value.textValue() + '"' : value.toString();
    }

    /** A duration such as {@code 12 ms}, {@code 3.4 s} or {@code 2 min 5 s}. */
    static String took(Duration duration) {
        var millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (duration.toSeconds() < SECONDS_OF_MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /** An amount in dollars, with four decimals where it is small. */
    static String dollars(double amount) {
        if (amount < 0.000_1) {
            return "under $0.0001";
        }
        return String.format(Locale.ROOT, amount >= 1 ? "$%.2f" : "$%.4f", amount);
    }
}
