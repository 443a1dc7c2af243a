package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.StepExecutorContinued;
import dev.rein.run.event.StepExecutorPaused;
import dev.rein.run.event.WorkflowPaused;
import dev.rein.session.StoredPause;
import java.time.Duration;
import java.util.List;
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
            deadline.goOn();
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
        return new PausableTimer(
                run.kernel().timers(), atMost, () -> run.scope().request(request));
    }

    /** It waits for people from now on, or no longer. */
    void waits(boolean now) {
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
            deadline.standStill();
        }
        if (limit != null) {
            patience = countdown(limit, "nobody decided within ");
            patience.goOn();
        }
        var asked = requirements();
        show(meta -> isWorkflow() ? new WorkflowPaused(meta, asked) : new RunPaused(meta, asked));
        var step = run.origin().step();
        if (executes() && step != null) {
            showAbove(meta -> new StepExecutorPaused(meta, step, run.origin().componentId(), run.id()));
        }
        run.kernel().paused(run);
    }

    private void continued() {
        if (deadline != null) {
            deadline.goOn();
        }
        run.kernel().continued(run);
        var step = run.origin().step();
        if (executes() && step != null) {
            showAbove(meta -> new StepExecutorContinued(meta, step, run.origin().componentId(), run.id()));
        }
        if (!isWorkflow()) {
            show(RunContinued::new);
        }
    }

    private boolean isWorkflow() {
        return run.origin().source() == ComponentKind.WORKFLOW;
    }

    /** Whether it executes a step of the run above it. */
    private boolean executes() {
        var step = run.origin().step();
        var above = run.parent();
        return step != null && above != null && step.workflowRunId().equals(above.id());
    }

    private void show(Function<EventMeta, RunEvent> event) {
        run.showing().appendLocked(event);
    }

    private void showAbove(Function<EventMeta, RunEvent> event) {
        var above = run.parent();
        if (above != null) {
            above.showing().appendLocked(event);
        }
    }
}
