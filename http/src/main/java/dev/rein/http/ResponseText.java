package dev.rein.http;

/**
 * The text of a response while it arrives in parts. It tells what a text that comes at the end has beyond the parts: servers repeat the whole
 * text there. Confined to one thread.
 */
public final class ResponseText {

    private final StringBuilder text = new StringBuilder();
    private int parts;

    /** Adds a part. */
    public void append(String part) {
        text.append(part);
        parts++;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** The text so far, which grows. */
    public CharSequence soFar() {
        return text;
    }

    /**
     * What a whole text has beyond the parts that have been received.
     *
     * @return empty if it does not continue them
     */
    public String beyond(String whole) {
        var received = text.length();
        return whole.length() > received && whole.startsWith(text.toString()) ? whole.substring(received) : "";
    }

    /**
     * What the last part adds. A part that has the text of several others together repeats them.
     *
     * @param part comes with the end of the response
     * @return empty if it repeats all
     */
    public String withoutRepetition(String part) {
        return parts > 1 && part.contentEquals(text) ? "" : part;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
