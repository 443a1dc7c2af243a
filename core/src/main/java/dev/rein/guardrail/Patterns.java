package dev.rein.guardrail;

import dev.rein.internal.guardrail.StoppableText;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks texts with regular expressions. They check the input; {@link Guardrail#on} makes them check elsewhere. A pattern that
 * backtracks without end is stopped with its run, or when the guardrail's time is over.
 */
public final class Patterns {
    /** How much of what has passed before is searched together with a sentence, in characters. */
    private static final int OVERLAP = 500;

    private Patterns() {}

    /** Refuses texts in which one of the patterns is found. */
    public static Guardrail deny(Pattern... patterns) {
        var all = checked(patterns);
        return Guardrail.of(
                "denied_pattern",
                (text, context) -> {
                    var before = text.preceding()
                            .substring(Math.max(0, text.preceding().length() - OVERLAP));
                    for (var pattern : all) {
                        var matcher = pattern.matcher(new StoppableText(before + text.text(), context.cancellation()));
                        while (matcher.find()) {
                            if (matcher.end() > before.length()) {
                                return Verdict.refuse("it matches a pattern that is not allowed");
                            }
                        }
                    }
                    return Verdict.pass();
                },
                CheckPoint.INPUT);
    }

    /** Refuses texts in which one of the regular expressions is found, in upper or lower case. */
    public static Guardrail deny(String... expressions) {
        return deny(compiled(expressions));
    }

    /** Refuses texts that none of the patterns matches as a whole. An output is checked when it is complete. */
    public static Guardrail allow(Pattern... patterns) {
        var all = checked(patterns);
        return Guardrail.of(
                        "allowed_pattern",
                        (text, context) -> {
                            for (var pattern : all) {
                                if (pattern.matcher(new StoppableText(text.text(), context.cancellation()))
                                        .matches()) {
                                    return Verdict.pass();
                                }
                            }
                            return Verdict.refuse("it matches none of the patterns that are allowed");
                        },
                        CheckPoint.INPUT)
                .wholeOutput();
    }

    /** Refuses texts that none of the regular expressions matches as a whole, in upper or lower case. */
    public static Guardrail allow(String... expressions) {
        return allow(compiled(expressions));
    }

    /**
     * Replaces what the pattern finds.
     *
     * @param replacement as for {@link java.util.regex.Matcher#replaceAll(String)}
     */
    public static Guardrail replace(Pattern pattern, String replacement) {
        return Guardrail.of(
                "replaced_pattern",
                (text, context) -> {
                    var matcher = pattern.matcher(new StoppableText(text.text(), context.cancellation()));
                    var replaced = matcher.replaceAll(replacement);
                    return replaced.equals(text.text()) ? Verdict.pass() : Verdict.rewrite(replaced);
                },
                CheckPoint.INPUT);
    }

    private static Pattern[] compiled(String... expressions) {
        return Arrays.stream(expressions)
                .map(each -> Pattern.compile(each, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
                .toArray(Pattern[]::new);
    }

    private static List<Pattern> checked(Pattern... patterns) {
        if (patterns.length == 0) {
            throw new IllegalArgumentException("there are no patterns: give at least one");
        }
        return List.of(patterns);
    }
}
