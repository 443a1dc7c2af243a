package dev.rein.openai.internal;

import java.util.function.Consumer;

/**
 * Delivers what the end of a part contains beyond its deltas. Servers may omit the deltas; and the text of a part occurs in up to four
 * events at its end. Confined to one thread.
 */
final class PartTracker {

    private final CharSequence received;
    private final Consumer<String> deliver;
    private int start;

    /**
     * @param received all that has been received so far; grows
     * @param deliver adds to it
     */
    PartTracker(CharSequence received, Consumer<String> deliver) {
        this.received = received;
        this.deliver = deliver;
    }

    /** Begins a part. */
    void begin() {
        start = received.length();
    }

    /** Ends the part. */
    void end(String whole) {
        if (!whole.isEmpty() && !(start == received.length() && endsWith(whole))) {
            var deltas = received.subSequence(start, received.length()).toString();
            if (whole.startsWith(deltas)) {
                deliver.accept(whole.substring(deltas.length()));
            }
        }
        begin();
    }

    /** Ends the response. */
    void endAll(String whole) {
        start = 0;
        end(whole);
    }

    private boolean endsWith(String end) {
        var from = received.length() - end.length();
        return from >= 0 && end.contentEquals(received.subSequence(from, received.length()));
    }
}
