package dev.rein.internal.run;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.Cancellation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registered aborter. Its state is guarded by the tree's lock; the aborter itself is called outside of it.
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
final class Abort implements Cancellation.Registration, Runnable {
    enum State {
        REGISTERED,
        DISPATCHED,
        RUNNING,
        OVER
    }

    private static final Logger log = LoggerFactory.getLogger(Abort.class);

    private final Waits scope;
    private final Aborter aborter;
    private State state = State.REGISTERED;
    private @Nullable Thread runner;

    Abort(Waits scope, Aborter aborter) {
        this.scope = scope;
        this.aborter = aborter;
    }

    /** Whether a pool thread has it, or is about to. */
    boolean isUnderWay() {
        return state == State.DISPATCHED || state == State.RUNNING;
    }

    boolean isDispatched() {
        return state == State.DISPATCHED;
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    void dispatched() {
        if (state == State.REGISTERED) {
            state = State.DISPATCHED;
        }
    }

    /**
     * Stops waiting for it.
     *
     * @return its thread if it is in the middle of it
     */
    @Nullable
    Thread abandon() {
        var running = state == State.RUNNING ? runner : null;
        state = State.OVER;
        return running;
    }

    @Override
    public void run() {
        if (!scope.locked(() -> {
            if (state == State.OVER) {
                return false;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
            return true;
        })) {
            return;
        }
        try {
            aborter.abort();
        } catch (Throwable e) {
            log.warn("an aborter of run {} failed; the others run all the same", scope.runId(), e);
        } finally {
            scope.aborted(this);
        }
    }

    @Override
    public void close() {
        scope.release(this);
    }
}
