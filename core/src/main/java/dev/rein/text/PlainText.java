package dev.rein.text;

import java.util.Locale;

/**
 * Makes text safe to print on a terminal and to log. Text of models, tools and users may contain escape sequences, with which it could set
 * a terminal's clipboard and title, hide rows, or reverse the order of what is shown; and line breaks, with which it could forge log lines.
 * Here every character that is not shown as itself becomes visible, in the form {@code \}{@code u001b}, which JSON reads as the same
 * character.
 *
 * <p>All methods take time proportional to the length of the text. Thread-safe.
 */
public final class PlainText {
    /** The first half of the characters U+E0000 to U+E03FF, most of which have no shape. */
    private static final char TAGS = '\udb40';

    private PlainText() {}

    /**
     * The text with its line breaks and tabs, and all other control and formatting characters made visible. Parts of a text may be converted
     * one by one.
     */
    public static String of(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (isSpecial(text.charAt(at))) {
                return converted(text, at);
            }
        }
        return text;
    }

    /** The same on one line: each line break, with the white space around it, is one space, and so is a tab. */
    public static String line(String text) {
        var line = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            if (!isWhite(text.charAt(at))) {
                line.append(text.charAt(at));
                at++;
                continue;
            }
            var after = at;
            var breaks = false;
            while (after < text.length() && isWhite(text.charAt(after))) {
                breaks |= isBreak(text.charAt(after));
                after++;
            }
            if (breaks) {
                line.append(' ');
            } else {
                line.append(text, at, after);
            }
            at = after;
        }
        return of(line.toString().replace('\t', ' '));
    }

    /** The message of an exception as {@link #line}; the name of its class if it has none, or none that can be read. */
    public static String message(Throwable exception) {
        try {
            var message = exception.getMessage();
            if (message != null && !message.isBlank()) {
                return line(message);
            }
        } catch (Throwable e) {
            // A message may be computed by the code of others.
        }
        return exception.getClass().getName();
    }

    private static String converted(String text, int from) {
        var plain = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int at = from; at < text.length(); at++) {
            var each = text.charAt(at);
            if (each == '\r') {
                // A line break of its own, or the first half of one.
                if (at + 1 == text.length() || text.charAt(at + 1) != '\n') {
                    plain.append('\n');
                }
            } else if (isSpecial(each) && !(each == TAGS && !isTag(text, at))) {
                escape(plain, each);
                if (each == TAGS) {
                    at++;
                    escape(plain, text.charAt(at));
                }
            } else {
                plain.append(each);
            }
        }
        return plain.toString();
    }

    private static void escape(StringBuilder plain, char each) {
        plain.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) each));
    }

    private static boolean isWhite(char each) {
        return each == ' ' || each == '\t' || isBreak(each);
    }

    private static boolean isBreak(char each) {
        return (each >= '\n' && each <= '\r') || each == '\u0085' || each == '\u2028' || each == '\u2029';
    }

    private static boolean isTag(String text, int at) {
        if (at + 1 == text.length()) {
            return false;
        }
        var second = text.charAt(at + 1);
        // Not the variation selectors, which belong to the character before.
        return second >= '\udc00' && second <= '\udc7f';
    }

    private static boolean isSpecial(char each) {
        if (each < 0x7F) {
            return each < ' ' && each != '\n' && each != '\t';
        }
        return each <= 0x9F // DEL and the C1 controls
                || (each >= 0xAD && isFormat(each));
    }

    /**
     * Marks that reorder or hide what is around them, and characters without a width. Not the joiners (U+200C, U+200D), which scripts and
     * emoji need.
     */
    private static boolean isFormat(char each) {
        return each == 0xAD
                || each == 0x61C
                || each == 0x180E
                || each == 0x200B
                || each == 0x200E
                || each == 0x200F
                || (each >= 0x2028 && each <= 0x202E)
                || (each >= 0x2060 && each <= 0x206F)
                || each == 0xFEFF
                || (each >= 0xFFF9 && each <= 0xFFFB)
                || each == TAGS;
    }
}
