package dev.rein.print;

import java.util.ArrayList;
import java.util.List;

/** The number of columns that text occupies on a terminal. Thread-safe. */
public final class TextWidth {
    private static final int TAB = 4;

    private TextWidth() {}

    /** The columns of a text without control characters and escape sequences. */
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** The columns of a character: 0 for one that is drawn over the character before, 2 for wide letters and emoji. */
    public static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    /** East Asian wide and full-width characters of Unicode, and the blocks of emoji. */
    private static boolean isWide(int codePoint) {
        return codePoint >= 0x1100
                && (codePoint <= 0x115F
                        || codePoint == 0x231A
                        || codePoint == 0x231B
                        || (codePoint >= 0x23E9 && codePoint <= 0x23EC)
                        || codePoint == 0x2705
                        || codePoint == 0x2728
                        || codePoint == 0x274C
                        || codePoint == 0x2B50
                        || (codePoint >= 0x2E80 && codePoint <= 0xA4CF && codePoint != 0x303F)
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                        || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
                        || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0xFFE0 && codePoint <= 0xFFE6)
                        || (codePoint >= 0x1F300 && codePoint <= 0x1F64F)
                        || (codePoint >= 0x1F680 && codePoint <= 0x1F6FF)
                        || (codePoint >= 0x1F900 && codePoint <= 0x1FAFF)
                        || (codePoint >= 0x20000 && codePoint <= 0x3FFFD));
    }

    /** The text if it fits into {@code columns}, otherwise its beginning with an ellipsis. */
    public static String cut(String text, int columns) {
        return of(text) <= columns ? text : text.substring(0, fitting(text, Math.max(columns - 3, 0))) + "...";
    }

    /** How many chars of a text fit into {@code columns}. */
    private static int fitting(String text, int columns) {
        var width = 0;
        var at = 0;
        while (at < text.length()) {
            var each = text.codePointAt(at);
            width += of(each);
            if (width > columns) {
                return at;
            }
            at += Character.charCount(each);
        }
        return at;
    }

    /**
     * Wraps one line between words. White space at its beginning is kept, that where it is wrapped is dropped. A word that is longer than
     * a row is divided.
     *
     * @param line text without line breaks
     * @param columns the width of a row; at least 2
     * @return at least one row
     */
    public static List<String> wrap(String line, int columns) {
        var rest = line.replace("\t", " ".repeat(TAB));
        var rows = new ArrayList<String>();
        while (of(rest) > columns) {
            var fits = Math.max(fitting(rest, columns), Character.charCount(rest.codePointAt(0)));
            var space = rest.charAt(fits) == ' ' ? fits : rest.lastIndexOf(' ', fits - 1);
            if (space < 0 || rest.substring(0, space).isBlank()) {
                rows.add(rest.substring(0, fits));
                rest = rest.substring(fits);
            } else {
                rows.add(rest.substring(0, space).stripTrailing());
                rest = rest.substring(space).stripLeading();
            }
        }
        rows.add(rest);
        return rows;
    }
}
