package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.PausableTimer;
import dev.rein.run.event.RunEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run on its way from being accepted to its first event. Guarded by the tree's lock, except for the ticket. */
final class RunStart {
    private final Run run;
    private volatile AdmissionQueue.@Nullable Ticket ticket;
    private @Nullable PausableTimer queueLimit;
    private boolean shown;

    RunStart(Run run) {
        this.run = run;
    }

    void ticket(AdmissionQueue.Ticket place) {
        ticket = place;
    }

    /** Its place among the runs that wait to be admitted. */
    AdmissionQueue.Ticket ticket() {
        return Objects.requireNonNull(ticket);
    }

    /** Bounds the time until it begins to work, if its limits say so. */
    void limitQueueTime() {
        var atMost = run.limits().queue();
        if (atMost == null) {
            return;
        }
        var request = CancelRequest.now()
                .kind(CancelKind.DEADLINE)
                .reason("it was not started within " + Durations.nanos(atMost) / 1_000_000 + " ms");
        var limit = new PausableTimer(run.scope(), atMost, () -> run.scope().request(request));
        run.guarded(() -> {
            queueLimit = limit;
            limit.resume();
        });
    }

    /** Shows the first event, at the latest right before the last one. */
    void show() {
        var first = run.<@Nullable RunEvent>locked(() -> {
            if (shown) {
                return null;
            }
            shown = true;
            if (queueLimit != null) {
                queueLimit.end();
            }
            run.delivery().meter().begin();
            return run.emitter().appendIfAny(run.plan().started());
        });
        if (first != null) {
            run.emitter().trace(first);
        }
    }
}
