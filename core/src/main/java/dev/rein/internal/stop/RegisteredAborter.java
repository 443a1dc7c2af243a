package dev.rein.internal.stop;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.Cancellation;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registered aborter. Its state changes without the tree's lock, for which the aborters of a tree of thousands would queue
 * up; the aborter itself is called outside of it too.
 *
 * <pre>
 *   REGISTERED --stop--> DISPATCHED --a pool thread--> RUNNING --> OVER
 *        \__ close __________\__ close ___________________________/^
 *                                          grace expires: RUNNING -/ (and is reported as abandoned)
 * </pre>
 *
 * {@link #close()} waits for a RUNNING aborter, because the thing it works on may be used again by whoever closes: a late
 * {@code Statement.cancel} would hit the next query.
 */
final class RegisteredAborter implements Cancellation.Registration, Runnable {
    enum State {
        REGISTERED,
        DISPATCHED,
        RUNNING,
        OVER
    }

    private static final Logger log = LoggerFactory.getLogger(RegisteredAborter.class);

    private final CancellableWaits scope;
    private final Aborter aborter;
    private final AtomicReference<State> state = new AtomicReference<>(State.REGISTERED);

    /** Set before it is RUNNING. */
    private @Nullable Thread runner;

    RegisteredAborter(CancellableWaits scope, Aborter aborter) {
        this.scope = scope;
        this.aborter = aborter;
    }

    /** Whether a pool thread has it, or is about to. */
    boolean isUnderWay() {
        var now = state.get();
        return now == State.DISPATCHED || now == State.RUNNING;
    }

    boolean isDispatched() {
        return state.get() == State.DISPATCHED;
    }

    boolean isOver() {
        return state.get() == State.OVER;
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
     * @return its thread if it is in the middle of it
     */
    @Nullable
    Thread abandon() {
        return state.getAndSet(State.OVER) == State.RUNNING ? runner : null;
    }

    @Override
    public void run() {
        runner = Thread.currentThread();
        if (!state.compareAndSet(State.DISPATCHED, State.RUNNING)) {
            return;
        }
        try {
            aborter.abort();
        } catch (Throwable e) {
            log.warn("an aborter of run {} failed; the others run all the same", scope.runId(), e);
        } finally {
            state.set(State.OVER);
            scope.aborted();
        }
    }

    @Override
    public void close() {
        scope.release(this);
    }
}
