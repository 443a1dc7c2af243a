package dev.rein.openai.internal;

/**
 * Text that arrives at its end and is taken from its beginning. It remembers how far it has been searched. Confined to one thread.
 */
final class PendingText {

    /** Taken text is removed once there is so much of it, and more than of the rest. */
    private static final int MOST_TAKEN = 1_024;

    private final StringBuilder text = new StringBuilder();
    private int start;

    /** Up to here the text has been searched; before the start if it has not. */
    private int searched;

    /** From the start up to here there are only blanks. */
    private int blanksEnd;

    void append(String part) {
        text.append(part);
    }

    /** Where the text begins. Positions are valid until {@link #compact}. */
    int start() {
        return start;
    }

    int end() {
        return text.length();
    }

    boolean isEmpty() {
        return start == text.length();
    }

    /** The first position behind the blanks at the beginning. */
    int skipBlanks() {
        blanksEnd = Math.max(blanksEnd, start);
        while (blanksEnd < text.length() && Character.isWhitespace(text.charAt(blanksEnd))) {
            blanksEnd++;
        }
        return blanksEnd;
    }

    /** The end without the blanks before it, which are kept in mind. */
    int endWithoutBlanks(int to) {
        var end = to;
        while (end > Math.max(blanksEnd, start) && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        var result = end <= Math.max(blanksEnd, start) ? start : end;
        blanksEnd = to;
        return result;
    }

    /** How many characters at a position are those of the tag; at the end, the tag may continue. */
    int matched(int position, String tag) {
        var length = 0;
        while (length < tag.length()
                && position + length < text.length()
                && text.charAt(position + length) == tag.charAt(length)) {
            length++;
        }
        return length;
    }

    /** The position of a tag in what has not been searched yet; -1 for none. */
    int find(String tag) {
        return text.indexOf(tag, Math.max(start, searched));
    }

    /** No tag of the length has been found. */
    void searched(int length) {
        searched = text.length() - length + 1;
    }

    /** Everything is to be searched anew. */
    void rewind() {
        searched = 0;
        blanksEnd = 0;
    }

    /** Length of the longest end with which the tag may begin. */
    int partial(String tag) {
        for (var length = Math.min(end() - start, tag.length() - 1); length > 0; length--) {
            if (matched(end() - length, tag) == length) {
                return length;
            }
        }
        return 0;
    }

    String takeTo(int position) {
        var taken = text.substring(start, position);
        start = position;
        return taken;
    }

    String takeAll() {
        return takeTo(text.length());
    }

    void dropTo(int position) {
        start = position;
    }

    /** Frees the memory of what has been taken. */
    void compact() {
        if (start == text.length() || (start > MOST_TAKEN && start > text.length() / 2)) {
            text.delete(0, start);
            searched = Math.max(0, searched - start);
            blanksEnd = Math.max(0, blanksEnd - start);
            start = 0;
        }
    }
}
