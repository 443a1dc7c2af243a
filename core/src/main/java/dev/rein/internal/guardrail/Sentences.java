package dev.rein.internal.guardrail;

/**
 * Divides a text that is still being written into pieces that can be checked and shown: sentences and lines. A number with blanks or
 * line breaks in it stays in one piece. A piece has at most {@link #MAX} characters.
 */
public final class Sentences {
    /** The maximum length of a piece, in characters: text without an end of a sentence is not held back for ever. */
    public static final int MAX = 4_000;

    /** How far behind the last character an end may be that the next one decides on. Older ones are no ends then. */
    private static final int LOOK_BACK = 100;

    private static final String ENDS = ".!?\u2026";
    private static final String WIDE_ENDS = "\u3002\uFF01\uFF1F";
    private static final String CLOSING = "\"')]}\u201D\u2019\u00BB";

    private Sentences() {}

    /**
     * The end of the first piece of a text that may go on.
     *
     * @param from where to begin to look, as an earlier call has looked before it
     * @return the index behind the piece; -1 if it is not complete
     */
    public static int end(CharSequence text, int from) {
        var limit = Math.min(text.length(), MAX);
        var at = Math.max(0, from);
        while (at < limit) {
            var character = text.charAt(at);
            if (WIDE_ENDS.indexOf(character) >= 0) {
                return at + 1;
            }
            var behind = at + 1;
            var end = -1;
            if (character == '\n') {
                end = between(text, at, behind);
            } else if (ENDS.indexOf(character) >= 0) {
                while (behind < limit && isEndOrClosing(text.charAt(behind))) {
                    behind++;
                }
                if (behind < limit && Character.isWhitespace(text.charAt(behind))) {
                    end = between(text, at, behind + 1);
                }
            }
            if (end > 0) {
                return end;
            }
            at = behind;
        }
        return text.length() >= MAX ? longPiece(text) : -1;
    }

    private static boolean isEndOrClosing(char character) {
        return ENDS.indexOf(character) >= 0 || CLOSING.indexOf(character) >= 0;
    }

    /** Where an earlier call need not look again. */
    public static int lookedAt(CharSequence text) {
        var at = text.length();
        while (at > 0 && !Character.isLetter(text.charAt(at - 1)) && text.length() - at < LOOK_BACK) {
            at--;
        }
        return Math.max(0, at - 1);
    }

    /** The end, unless digits before and behind it may be one number: then only the text behind it tells. */
    private static int between(CharSequence text, int at, int end) {
        var before = at - 1;
        while (before >= 0 && !Character.isLetterOrDigit(text.charAt(before)) && at - before < 10) {
            before--;
        }
        if (before < 0 || !Character.isDigit(text.charAt(before))) {
            return end;
        }
        var next = end;
        while (next < text.length() && next < MAX && !Character.isLetterOrDigit(text.charAt(next))) {
            next++;
        }
        return next == text.length() || next == MAX || Character.isDigit(text.charAt(next)) ? -1 : end;
    }

    /** Cuts at a blank, so that no word is cut. */
    private static int longPiece(CharSequence text) {
        for (var at = Math.min(MAX, text.length()); at > MAX / 2; at--) {
            if (Character.isWhitespace(text.charAt(at - 1))) {
                return at;
            }
        }
        return Character.isHighSurrogate(text.charAt(MAX - 1)) ? MAX - 1 : MAX;
    }
}
