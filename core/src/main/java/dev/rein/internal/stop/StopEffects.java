package dev.rein.internal.stop;

import dev.rein.internal.PrintableExceptions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided under a tree's lock and is done once the lock is left, in the order of the decisions: the second phase of
 * a stop. None of it can fail the decision: what throws is logged, and the rest is done all the same.
 */
final class StopEffects {
    private static final Logger log = LoggerFactory.getLogger(StopEffects.class);

    private final List<Runnable> actions = new ArrayList<>(4);

    /** Runs an aborter on the pool. */
    void abort(AbortPool pool, RegisteredAborter aborter) {
        actions.add(() -> pool.execute(aborter));
    }

    /** Interrupts a scope's thread, on the pool: the interrupt of a thread that waits for a file lock may block. */
    void interrupt(Scope scope) {
        actions.add(() -> scope.environment().interrupts().execute(scope::interruptThread));
    }

    /** Interrupts an abandoned thread a last time. */
    void interruptLast(StopEnvironment environment, Thread abandoned) {
        actions.add(() -> environment.interrupts().execute(abandoned::interrupt));
    }

    /** Sets or cancels a timer. */
    void timer(Alarm alarm) {
        actions.add(alarm::apply);
    }

    void then(Runnable action) {
        actions.add(action);
    }

    void perform() {
        for (var action : actions) {
            try {
                action.run();
            } catch (Throwable e) {
                log.error("a part of a stop failed; the rest of it is done all the same", PrintableExceptions.of(e));
            }
        }
    }
}
