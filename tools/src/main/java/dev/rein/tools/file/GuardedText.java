package dev.rein.tools.file;

import dev.rein.cancel.Cancellation;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A text in which a pattern is looked for until a time, or a stop: some patterns try more combinations than anybody can wait for. */
final class GuardedText implements CharSequence {
    private static final int READS_PER_LOOK = 4_096;

    /** The time is over. */
    static final class TimeoutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TimeoutException() {
            super("the time is over", null, false, false);
        }
    }

    /** How long, shared by all texts of a search. Not thread-safe. */
    static final class Guard {
        private final Cancellation cancellation;
        private final long endNanos;
        private int reads;

        Guard(Cancellation cancellation, Duration time) {
            this.cancellation = cancellation;
            this.endNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
        }

        /**
         * @throws dev.rein.cancel.CancelledException if the run is stopped
         * @throws TimeoutException if the time is over
         */
        void check() {
            cancellation.throwIfCancelled();
            if (System.nanoTime() - endNanos >= 0) {
                throw new TimeoutException();
            }
        }

        private void read() {
            if (++reads >= READS_PER_LOOK) {
                reads = 0;
                check();
            }
        }
    }

    private final String text;
    private final Guard guard;

    GuardedText(String text, Guard guard) {
        this.text = text;
        this.guard = guard;
    }

    @Override
    public char charAt(int index) {
        guard.read();
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new GuardedText(text.substring(start, end), guard);
    }

    @Override
    public String toString() {
        return text;
    }
}
