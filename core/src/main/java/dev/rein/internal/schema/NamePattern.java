package dev.rein.internal.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The patterns of {@code patternProperties}, which may come from a foreign server, and take a bounded time on any name. */
final class NamePattern {
    private static final int MAX_READS = 100_000;
    private static final int MAX_PATTERN = 1_000;

    private NamePattern() {}

    /** Whether a name contains a match. One that can't be decided, because the pattern is not valid or takes too long, does. */
    static boolean matches(String pattern, String name) {
        if (pattern.length() > MAX_PATTERN) {
            return true;
        }
        try {
            return Pattern.compile(pattern).matcher(new Counted(name)).find();
        } catch (PatternSyntaxException | TooLongException | StackOverflowError e) {
            return true;
        }
    }

    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("the pattern takes too long", null, false, false);
        }
    }

    /** A text that can be read so many times only: a pattern may try more combinations than there is time for. */
    private static final class Counted implements CharSequence {
        private final String text;
        private int reads;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++reads > MAX_READS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
