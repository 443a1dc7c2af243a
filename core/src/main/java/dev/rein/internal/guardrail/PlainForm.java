package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text without its disguises, and where each of its characters comes from: full-width and other compatible characters are the plain
 * ones, all digits are ASCII, all dashes and blanks are one dash and one blank, escapes of JSON are the characters they stand for, and
 * invisible characters are left out. Immutable.
 */
public final class PlainForm {
    private static final int CHARACTERS_BETWEEN_LOOKS = 1 << 12;
    private static final int ESCAPE = 6;

    private final String text;
    private final int[] starts;
    private final int[] ends;

    private PlainForm(String text, int[] starts, int[] ends) {
        this.text = text;
        this.starts = starts;
        this.ends = ends;
    }

    public static PlainForm of(String original, Cancellation cancellation) {
        var plain = new StringBuilder(original.length());
        var starts = new int[original.length() + 16];
        var ends = new int[original.length() + 16];
        for (int at = 0, count = 0; at < original.length(); count++) {
            if (count % CHARACTERS_BETWEEN_LOOKS == 0) {
                cancellation.throwIfCancelled();
            }
            var escaped = escaped(original, at);
            var point = escaped >= 0 ? escaped : original.codePointAt(at);
            var next = at + (escaped >= 0 ? ESCAPE : Character.charCount(point));
            var before = plain.length();
            append(plain, point);
            if (plain.length() > starts.length) {
                starts = Arrays.copyOf(starts, plain.length() * 2);
                ends = Arrays.copyOf(ends, plain.length() * 2);
            }
            Arrays.fill(starts, before, plain.length(), at);
            Arrays.fill(ends, before, plain.length(), next);
            at = next;
        }
        return new PlainForm(plain.toString(), starts, ends);
    }

    /** The character of an escape such as {@code \\u0040}; -1 if there is none. */
    private static int escaped(String text, int at) {
        if (text.charAt(at) != '\\' || at + ESCAPE > text.length() || text.charAt(at + 1) != 'u') {
            return -1;
        }
        var value = 0;
        for (var digit = at + 2; digit < at + ESCAPE; digit++) {
            var hex = Character.digit(text.charAt(digit), 16);
            if (hex < 0) {
                return -1;
            }
            value = value * 16 + hex;
        }
        return Character.isSurrogate((char) value) ? -1 : value;
    }

    private static void append(StringBuilder plain, int point) {
        if (point < 0x80) {
            plain.append((char) point);
            return;
        }
        if (isInvisible(point)) {
            return;
        }
        if (Character.digit(point, 10) >= 0) {
            plain.append((char) ('0' + Character.digit(point, 10)));
            return;
        }
        switch (Character.getType(point)) {
            case Character.DASH_PUNCTUATION -> plain.append('-');
            case Character.SPACE_SEPARATOR -> plain.append(' ');
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> plain.append('\n');
            default -> {
                if (point == 0x2212 || point == 0x00AF) {
                    plain.append('-');
                } else if (point == 0x3002
                        || point == 0x00B7
                        || point == 0x2022
                        || point == 0x2027
                        || point == 0x30FB) {
                    plain.append('.');
                } else {
                    plain.append(Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKC));
                }
            }
        }
    }

    private static boolean isInvisible(int point) {
        return Character.getType(point) == Character.FORMAT
                || (point >= 0xFE00 && point <= 0xFE0F)
                || (point >= 0xE0100 && point <= 0xE01EF)
                || point == 0x034F
                || point == 0x115F
                || point == 0x1160
                || point == 0x3164
                || point == 0xFFA0
                || point == 0x20E3;
    }

    public String text() {
        return text;
    }

    /** Where a character of the plain text begins in the original. */
    public int start(int index) {
        return starts[index];
    }

    /** Where a character of the plain text ends in the original. */
    public int end(int index) {
        return ends[index];
    }
}
