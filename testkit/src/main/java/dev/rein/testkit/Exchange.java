package dev.rein.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to {@link FakeProvider}, what became of it, and when. All times are {@link System#nanoTime()}. Thread-safe.
 *
 * <p>The waiting methods throw an {@link AssertionError} that says how the exchange stands when time is up, and an {@link
 * IllegalStateException} when the waiting thread is interrupted (its flag is set again).
 */
public final class Exchange {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_TIMES = 1 << 20;

    /** How an exchange ended. */
    public enum Outcome {
        /** It has not. */
        OPEN,
        /** The whole answer was written. */
        COMPLETED,
        /** The client closed the connection first. */
        CLIENT_CLOSED,
        /** The script closed the connection, or the provider was closed. */
        CUT
    }

    private final int number;
    private final long startedAtNanos;
    private final Object lock = new Object();

    private final boolean heldAtAccept;
    private @Nullable ReceivedRequest request;
    private Outcome outcome = Outcome.OPEN;
    private boolean finishing;
    private boolean hanging;
    private int permits;
    private boolean closed;
    private long closedAtNanos;
    private long tokens;
    private long[] tokenTimes = new long[0];

    Exchange(int number, long startedAtNanos, @Nullable ReceivedRequest request) {
        this.number = number;
        this.startedAtNanos = startedAtNanos;
        this.request = request;
        this.heldAtAccept = request == null;
    }

    /** Counted from 1, in order of arrival at this provider. */
    public int number() {
        return number;
    }

    /**
     * What was asked.
     *
     * @throws IllegalStateException if nothing was read, because it hangs {@link HangPoint#AT_ACCEPT}
     */
    public ReceivedRequest request() {
        synchronized (lock) {
            if (request == null) {
                throw new IllegalStateException(
                        "exchange " + number + " hangs AT_ACCEPT, nothing was read: release() it first");
            }
            return request;
        }
    }

    /** When the request had been read, or, while it hangs {@link HangPoint#AT_ACCEPT}, when its connection was accepted. */
    public long arrivedAtNanos() {
        synchronized (lock) {
            return request == null ? startedAtNanos : request.arrivedAtNanos();
        }
    }

    public Outcome outcome() {
        synchronized (lock) {
            return outcome;
        }
    }

    /** Whether the request has been read; false while it hangs {@link HangPoint#AT_ACCEPT}. */
    public boolean isRead() {
        synchronized (lock) {
            return request != null;
        }
    }

    /** Whether it hangs now, at a point its script names. */
    public boolean isHanging() {
        synchronized (lock) {
            return hanging && outcome == Outcome.OPEN;
        }
    }

    /** Whether the client closed the connection before the answer was complete. */
    public boolean isClosedByClient() {
        return outcome() == Outcome.CLIENT_CLOSED;
    }

    /**
     * When the server noticed that the client had closed.
     *
     * @throws IllegalStateException if it did not
     */
    public long closedAtNanos() {
        synchronized (lock) {
            if (outcome != Outcome.CLIENT_CLOSED) {
                throw new IllegalStateException("the client did not close: " + describe());
            }
            return closedAtNanos;
        }
    }

    /** Tokens handed to the socket so far. Of an answer that is not streamed: tokens made so far. */
    public long tokensWritten() {
        synchronized (lock) {
            return tokens;
        }
    }

    /** Tokens handed to the socket at or before this time. Exact for the first million tokens. */
    public long tokensWrittenBy(long nanoTime) {
        synchronized (lock) {
            return tokens - after(nanoTime);
        }
    }

    /** Tokens handed to the socket after this time. Exact for the first million tokens. */
    public long tokensWrittenAfter(long nanoTime) {
        synchronized (lock) {
            return after(nanoTime);
        }
    }

    /** When the last tokens were handed to the socket, oldest first; at most {@code most} of the first million. */
    long[] lastTokenTimes(int most) {
        synchronized (lock) {
            var known = (int) Math.min(tokens, MOST_TIMES);
            return Arrays.copyOfRange(tokenTimes, Math.max(0, known - most), known);
        }
    }

    /** Lets it go on past the point where it hangs, or past the next one if it does not hang now. */
    public void release() {
        synchronized (lock) {
            permits++;
            lock.notifyAll();
        }
    }

    /** Waits until the request has been read. */
    public Exchange awaitArrived(Duration atMost) {
        await("be read", atMost, () -> request != null);
        return this;
    }

    /** Waits until it hangs. */
    public Exchange awaitHanging(Duration atMost) {
        await("hang", atMost, () -> hanging || outcome != Outcome.OPEN);
        if (outcome() != Outcome.OPEN) {
            throw new AssertionError("waited for it to hang, but it ended: " + this);
        }
        return this;
    }

    /** {@link #awaitHanging(Duration)} with 10 s. */
    public Exchange awaitHanging() {
        return awaitHanging(PATIENCE);
    }

    /** Waits until this many tokens are written. */
    public Exchange awaitTokens(long count, Duration atMost) {
        await("write " + count + " tokens", atMost, () -> tokens >= count || outcome != Outcome.OPEN);
        if (tokensWritten() < count) {
            throw new AssertionError("waited for " + count + " tokens, but it ended: " + this);
        }
        return this;
    }

    /** {@link #awaitTokens(long, Duration)} with 10 s. */
    public Exchange awaitTokens(long count) {
        return awaitTokens(count, PATIENCE);
    }

    /**
     * Waits until the client has closed the connection.
     *
     * @return when the server noticed, as {@link #closedAtNanos()}
     */
    public long awaitClosed(Duration atMost) {
        await("be closed by the client", atMost, () -> outcome != Outcome.OPEN);
        if (outcome() != Outcome.CLIENT_CLOSED) {
            throw new AssertionError("waited for the client to close, but it ended otherwise: " + this);
        }
        return closedAtNanos();
    }

    /** {@link #awaitClosed(Duration)} with 10 s. */
    public long awaitClosed() {
        return awaitClosed(PATIENCE);
    }

    /** Waits until the whole answer is written. */
    public Exchange awaitCompleted(Duration atMost) {
        await("complete", atMost, () -> outcome != Outcome.OPEN);
        if (outcome() != Outcome.COMPLETED) {
            throw new AssertionError("waited for it to complete, but it ended otherwise: " + this);
        }
        return this;
    }

    /** {@link #awaitCompleted(Duration)} with 10 s. */
    public Exchange awaitCompleted() {
        return awaitCompleted(PATIENCE);
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return describe();
        }
    }

    boolean wasHeldAtAccept() {
        return heldAtAccept;
    }

    void arrived(ReceivedRequest read) {
        synchronized (lock) {
            request = read;
            lock.notifyAll();
        }
    }

    /**
     * Waits for a permit.
     *
     * @return false if it ended first
     */
    boolean hang() {
        synchronized (lock) {
            hanging = true;
            lock.notifyAll();
            while (permits == 0 && !closed) {
                Waits.on(lock, 0);
            }
            permits = Math.max(0, permits - 1);
            hanging = false;
            return !closed;
        }
    }

    /**
     * Waits out a pause.
     *
     * @return false if it ended first
     */
    boolean pause(Duration duration) {
        synchronized (lock) {
            if (duration.isZero()) {
                return !closed;
            }
            var end = System.nanoTime() + duration.toNanos();
            for (var left = duration.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                Waits.on(lock, left);
            }
            return !closed;
        }
    }

    void tokenWritten() {
        synchronized (lock) {
            if (tokens < MOST_TIMES) {
                if (tokens == tokenTimes.length) {
                    tokenTimes = Arrays.copyOf(tokenTimes, Math.max(16, tokenTimes.length * 2));
                }
                tokenTimes[(int) tokens] = System.nanoTime();
            }
            tokens++;
            lock.notifyAll();
        }
    }

    /** The last bytes are about to be written: a client that has them all may close before the write returns. */
    void finishing() {
        synchronized (lock) {
            finishing = true;
        }
    }

    void completed() {
        end(Outcome.COMPLETED);
    }

    void cut() {
        end(Outcome.CUT);
    }

    /** Reading found the end of the connection. Only the first call counts. */
    void clientClosed(long nanoTime) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            closedAtNanos = nanoTime;
            if (!finishing) {
                end(Outcome.CLIENT_CLOSED);
            }
            lock.notifyAll();
        }
    }

    /** Writing found that the connection is gone. */
    void writeFailed(long nanoTime) {
        synchronized (lock) {
            finishing = false;
            if (closed) {
                end(Outcome.CLIENT_CLOSED);
            } else {
                clientClosed(nanoTime);
            }
        }
    }

    private void end(Outcome how) {
        synchronized (lock) {
            if (outcome == Outcome.OPEN) {
                outcome = how;
            }
            closed = true;
            lock.notifyAll();
        }
    }

    private long after(long nanoTime) {
        var known = (int) Math.min(tokens, MOST_TIMES);
        var i = known;
        while (i > 0 && tokenTimes[i - 1] - nanoTime > 0) {
            i--;
        }
        return tokens - i;
    }

    private void await(String what, Duration atMost, BooleanSupplier done) {
        Waits.until(lock, atMost, done, () -> "it to " + what + ": " + describe());
    }

    private String describe() {
        return "exchange " + number + " (" + (request == null ? "nothing read" : request) + ") is " + outcome
                + (hanging && outcome == Outcome.OPEN ? ", hanging" : "") + " with " + tokens + " tokens written";
    }
}
