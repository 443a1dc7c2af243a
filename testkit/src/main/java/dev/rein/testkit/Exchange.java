package dev.rein.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@link FakeProvider} and the progress of its response, with times. All times are values of {@link System#nanoTime()}.
 * Thread-safe.
 *
 * <p>Methods that wait throw an {@link AssertionError} with the state of the exchange after a timeout, and an {@link IllegalStateException}
 * if the waiting thread is interrupted, whose interrupt flag is set again.
 */
public final class Exchange {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_TOKEN_TIMES = 1 << 20;

    /** How an exchange ended. */
    public enum Outcome {
        /** It has not ended yet. */
        OPEN,
        /** The complete response was written. */
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

    /** The number of the exchange at this provider in order of arrival, beginning with 1. */
    public int number() {
        return number;
    }

    /**
     * The request.
     *
     * @throws IllegalStateException if it has not been read, because the exchange hangs {@link HangPoint#AT_ACCEPT}
     */
    public ReceivedRequest request() {
        synchronized (lock) {
            if (request == null) {
                throw new IllegalStateException("exchange " + number
                        + " hangs AT_ACCEPT, so its request has not been read: release() it first");
            }
            return request;
        }
    }

    /** The time at which the request was read, or the connection accepted while it hangs {@link HangPoint#AT_ACCEPT}. */
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

    /** Whether the request has been read; false while the exchange hangs {@link HangPoint#AT_ACCEPT}. */
    public boolean isRead() {
        synchronized (lock) {
            return request != null;
        }
    }

    /** Whether it currently hangs at a point defined by its script. */
    public boolean isHanging() {
        synchronized (lock) {
            return hanging && outcome == Outcome.OPEN;
        }
    }

    /** Whether the client closed the connection before the response was complete. */
    public boolean isClosedByClient() {
        return outcome() == Outcome.CLIENT_CLOSED;
    }

    /**
     * The time at which the server noticed that the client had closed the connection.
     *
     * @throws IllegalStateException if the client has not closed it
     */
    public long closedAtNanos() {
        synchronized (lock) {
            if (outcome != Outcome.CLIENT_CLOSED) {
                throw new IllegalStateException("the client did not close the connection: " + describe());
            }
            return closedAtNanos;
        }
    }

    /** Number of tokens written to the socket so far; for a response that is not streamed, tokens generated so far. */
    public long tokensWritten() {
        synchronized (lock) {
            return tokens;
        }
    }

    /** Number of tokens written to the socket at or before this time. Exact for the first million tokens. */
    public long tokensWrittenBy(long nanoTime) {
        synchronized (lock) {
            return tokens - after(nanoTime);
        }
    }

    /** Number of tokens written to the socket after this time. Exact for the first million tokens. */
    public long tokensWrittenAfter(long nanoTime) {
        synchronized (lock) {
            return after(nanoTime);
        }
    }

    /** The times at which the last tokens were written to the socket, oldest first; only of the first million tokens. */
    long[] lastTokenTimes(int max) {
        synchronized (lock) {
            var known = (int) Math.min(tokens, MAX_TOKEN_TIMES);
            return Arrays.copyOfRange(tokenTimes, Math.max(0, known - max), known);
        }
    }

    /** Continues after the point where it hangs; if it does not hang yet, it will not hang at the next point. */
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

    /** {@link #awaitHanging(Duration)} with 60 s. */
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

    /** {@link #awaitTokens(long, Duration)} with 60 s. */
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
            throw new AssertionError(
                    "waited for the client to close the connection, but it ended differently: " + this);
        }
        return closedAtNanos();
    }

    /** {@link #awaitClosed(Duration)} with 60 s. */
    public long awaitClosed() {
        return awaitClosed(PATIENCE);
    }

    /** Waits until the complete response is written. */
    public Exchange awaitCompleted(Duration atMost) {
        await("complete", atMost, () -> outcome != Outcome.OPEN);
        if (outcome() != Outcome.COMPLETED) {
            throw new AssertionError("waited for it to complete, but it ended differently: " + this);
        }
        return this;
    }

    /** {@link #awaitCompleted(Duration)} with 60 s. */
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
     * Hangs until {@link #release}.
     *
     * @return false if the exchange ended before
     */
    boolean hang() {
        synchronized (lock) {
            hanging = true;
            lock.notifyAll();
            while (permits == 0 && !closed) {
                MonitorWaits.on(lock, 0);
            }
            permits = Math.max(0, permits - 1);
            hanging = false;
            return !closed;
        }
    }

    /**
     * Waits for the given time.
     *
     * @return false if the exchange ended before
     */
    boolean pause(Duration duration) {
        synchronized (lock) {
            if (duration.isZero()) {
                return !closed;
            }
            var end = System.nanoTime() + duration.toNanos();
            for (var left = duration.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                MonitorWaits.on(lock, left);
            }
            return !closed;
        }
    }

    void tokenWritten() {
        synchronized (lock) {
            if (tokens < MAX_TOKEN_TIMES) {
                if (tokens == tokenTimes.length) {
                    tokenTimes = Arrays.copyOf(tokenTimes, Math.max(16, tokenTimes.length * 2));
                }
                tokenTimes[(int) tokens] = System.nanoTime();
            }
            tokens++;
            lock.notifyAll();
        }
    }

    /** To be called before the last bytes are written, because a client may close as soon as it has them, before the write returns. */
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

    /** To be called when reading detects the end of the connection. Only the first call has an effect. */
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

    /** To be called when writing detects that the connection is closed. */
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
        var known = (int) Math.min(tokens, MAX_TOKEN_TIMES);
        var i = known;
        while (i > 0 && tokenTimes[i - 1] - nanoTime > 0) {
            i--;
        }
        return tokens - i;
    }

    private void await(String what, Duration atMost, BooleanSupplier done) {
        MonitorWaits.until(lock, atMost, done, () -> "it to " + what + ": " + describe());
    }

    private String describe() {
        return "exchange " + number + " (" + (request == null ? "not read" : request) + ") is " + outcome
                + (hanging && outcome == Outcome.OPEN ? ", hanging" : "") + " with " + tokens + " tokens written";
    }
}
