package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.pause.PendingRequirements;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.PausableTimer;
import dev.rein.internal.stop.Scope;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredPause;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run does when it begins to wait for people, and when it goes on: its deadline stands still, its row and its events
 * say so, and others may work in its place. Guarded by the tree's lock.
 */
final class RunPause {
    private final Run run;
    private final PendingRequirements pauses;
    private final @Nullable Duration limit;
    private @Nullable PausableTimer deadline;
    private @Nullable PausableTimer patience;

    /** @param limit how long it waits for people; null for no limit */
    RunPause(Run run, PendingRequirements pauses, @Nullable Duration limit) {
        this.run = run;
        this.pauses = pauses;
        this.limit = limit;
    }

    PendingRequirements pauses() {
        return pauses;
    }

    /** Called without the lock; see {@link PendingRequirements#ask}. */
    List<Decision> ask(Scope asking, List<Requirement> questions) {
        return pauses.ask(run, asking, questions, expired -> run.kernel().expire(run, expired));
    }

    List<Requirement> requirements() {
        return pauses.of(run);
    }

    List<StoredPause.Answered> answered() {
        return pauses.answered(run);
    }

    void startDeadline() {
        var atMost = run.limits().deadline();
        if (atMost != null) {
            deadline = countdown(atMost, "it did not end within ");
            deadline.resume();
        }
    }

    void end() {
        if (deadline != null) {
            deadline.end();
        }
    }

    private PausableTimer countdown(Duration atMost, String reason) {
        var request = CancelRequest.now()
                .kind(CancelKind.DEADLINE)
                .reason(reason + Durations.nanos(atMost) / 1_000_000 + " ms");
        return new PausableTimer(run.scope(), atMost, () -> run.scope().request(request));
    }

    /** The run is paused from now on, or no longer. */
    void changed(boolean now) {
        if (now) {
            paused();
        } else {
            if (patience != null) {
                patience.end();
                patience = null;
            }
            if (!run.scope().isCancelled()) {
                continued();
            }
        }
    }

    private void paused() {
        if (deadline != null) {
            deadline.pause();
        }
        if (limit != null) {
            patience = countdown(limit, "nobody decided within ");
            patience.resume();
        }
        var asked = requirements();
        var kind = run.plan().kind();
        show(run, meta -> kind.paused(meta, asked));
        showAbove((above, step) -> meta -> above.executorPaused(meta, step, run.origin()));
        run.observers().paused();
        run.scope().afterUnlock(run.observers()::wake);
        run.kernel().paused(run);
    }

    private void continued() {
        if (deadline != null) {
            deadline.resume();
        }
        run.kernel().continued(run);
        showAbove((above, step) -> meta -> above.executorResumed(meta, step, run.origin()));
        show(run, run.plan().kind()::resumed);
    }

    private static void show(Run shown, Function<EventMeta, @Nullable RunEvent> event) {
        shown.emitter().appendLocked(event);
    }

    /** Shows in the run above what it does in one of its steps. */
    private void showAbove(BiFunction<RunKind, StepRef, Function<EventMeta, @Nullable RunEvent>> event) {
        var step = run.origin().step();
        var above = run.parent();
        if (step != null && above != null) {
            show(above, event.apply(above.plan().kind(), step));
        }
    }
}
