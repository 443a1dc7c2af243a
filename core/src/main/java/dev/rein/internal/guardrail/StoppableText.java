package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;

/**
 * A text that stops the regular expression that reads it: a pattern that backtracks without end must not outlive its run, or the
 * time of its check. Not thread-safe.
 */
public final class StoppableText implements CharSequence {
    private static final int CHARACTERS_BETWEEN_LOOKS = 1 << 12;

    private final CharSequence text;
    private final Cancellation cancellation;
    private int read;

    public StoppableText(CharSequence text, Cancellation cancellation) {
        this.text = text;
        this.cancellation = cancellation;
    }

    /** @throws dev.rein.cancel.CancelledException if the check is stopped */
    @Override
    public char charAt(int index) {
        if (++read % CHARACTERS_BETWEEN_LOOKS == 0) {
            cancellation.throwIfCancelled();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
