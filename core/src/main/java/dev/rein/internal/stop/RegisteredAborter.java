package dev.rein.internal.stop;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.PrintableExceptions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registered aborter. Its state changes without the tree's lock, for which the aborters of a tree of thousands would queue
 * up; the aborter itself is called without the lock, too.
 *
 * <pre>
 *   REGISTERED --stop--> DISPATCHED --a pool thread--> RUNNING --it returns--> OVER
 *        \__ close __________\__ close, grace over ______ | ____________________^
 *                                                         \--grace over--> ABANDONED --it returns--> OVER
 * </pre>
 *
 * {@link #close()} waits for a RUNNING aborter, because the thing it works on may be used again by whoever closes: a late
 * {@code Statement.cancel} would hit the next query. Aborters themselves don't wait for aborters: one may close its own
 * registration, or that of another which closes this one.
 */
final class RegisteredAborter implements Cancellation.Registration, Runnable {
    enum State {
        REGISTERED,
        DISPATCHED,
        RUNNING,
        ABANDONED,
        OVER
    }

    private static final Logger log = LoggerFactory.getLogger(RegisteredAborter.class);
    private static final ScopedValue<RegisteredAborter> CURRENT = ScopedValue.newInstance();

    private final CancellableWaits scope;
    private final Aborter aborter;
    private final AtomicReference<State> state = new AtomicReference<>(State.REGISTERED);

    /** Set before it is RUNNING. */
    private @Nullable Thread runner;

    RegisteredAborter(CancellableWaits scope, Aborter aborter) {
        this.scope = scope;
        this.aborter = aborter;
    }

    /** Whether the calling thread runs an aborter. */
    static boolean isRunningHere() {
        return CURRENT.isBound();
    }

    /** Whether a pool thread runs it, or is about to. */
    boolean isUnderWay() {
        var now = state.get();
        return now == State.DISPATCHED || now == State.RUNNING;
    }

    boolean isDispatched() {
        return state.get() == State.DISPATCHED;
    }

    /** Whether nobody waits for it any longer. */
    boolean isOver() {
        var now = state.get();
        return now == State.OVER || now == State.ABANDONED;
    }

    void dispatched() {
        state.compareAndSet(State.REGISTERED, State.DISPATCHED);
    }

    /**
     * Takes it back, unless it has begun.
     *
     * @return whether it is over
     */
    boolean takeBack() {
        return state.compareAndSet(State.REGISTERED, State.OVER)
                || state.compareAndSet(State.DISPATCHED, State.OVER)
                || isOver();
    }

    /**
     * Stops waiting for it.
     *
     * @return its thread if it is running; that counts as abandoned until the aborter returns
     */
    @Nullable
    Thread abandon() {
        if (state.compareAndSet(State.RUNNING, State.ABANDONED)) {
            return runner;
        }
        takeBack();
        return null;
    }

    @Override
    public void run() {
        runner = Thread.currentThread();
        if (!state.compareAndSet(State.DISPATCHED, State.RUNNING)) {
            return;
        }
        try {
            scope.requireUnlocked();
            ScopedValue.where(CURRENT, this).call(() -> {
                aborter.abort();
                return this;
            });
        } catch (Throwable e) {
            log.warn(
                    "an aborter of run {} failed; the others run all the same",
                    scope.runId(),
                    PrintableExceptions.of(e));
        } finally {
            if (state.getAndSet(State.OVER) == State.ABANDONED) {
                scope.abandonedAborter(-1);
            }
            scope.aborterReturned();
        }
    }

    @Override
    public void close() {
        scope.release(this);
    }
}
