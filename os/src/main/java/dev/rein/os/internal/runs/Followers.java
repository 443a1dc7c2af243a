package dev.rein.os.internal.runs;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.runtime.RunHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients that follow runs. A run whose starter has disconnected, and which is to be cancelled some time after, is
 * cancelled only once no client has followed it for that time. Thread-safe.
 */
final class Followers implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("rein-os-timer").factory());

    /** The runs that are followed, or will be cancelled. Guarded by this. */
    private final Map<String, Followed> runs = new HashMap<>();

    Followers() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Its fields are guarded by the followers. */
    private static final class Followed {
        final RunHandle run;
        int clients;

        /** How long after the last client has left the run is cancelled; null for never. */
        @Nullable
        Duration delay;

        @Nullable
        ScheduledFuture<?> cancel;

        Followed(RunHandle run) {
            this.run = run;
        }
    }

    /** Counts a client until the result is closed, which must happen once. */
    synchronized OpenStreams.Permit follow(RunHandle run) {
        var followed = runs.computeIfAbsent(run.id(), _ -> new Followed(run));
        followed.clients++;
        if (followed.cancel != null) {
            followed.cancel.cancel(false);
            followed.cancel = null;
        }
        return () -> left(followed);
    }

    private void left(Followed followed) {
        synchronized (this) {
            followed.clients--;
            if (followed.clients > 0) {
                return;
            }
            var delay = followed.delay;
            if (delay == null || followed.run.status().isTerminal()) {
                runs.remove(followed.run.id(), followed);
                return;
            }
            followed.cancel =
                    timer.schedule(() -> followed.run.cancel(request()), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
        // Otherwise an ended run would be retained for as long as its client asked for. Outside of the lock: the
        // listener is
        // called at once if the run has ended.
        followed.run.onEnd(_ -> ended(followed));
    }

    private synchronized void ended(Followed followed) {
        if (followed.cancel != null) {
            followed.cancel.cancel(false);
            followed.cancel = null;
        }
        if (followed.clients == 0) {
            runs.remove(followed.run.id(), followed);
        }
    }

    /** The run is to be cancelled so long after its last client has left. */
    synchronized void cancelAfter(RunHandle run, Duration delay) {
        var followed = runs.get(run.id());
        if (followed != null) {
            followed.delay = delay;
        }
    }

    static CancelRequest request() {
        return CancelRequest.now().kind(CancelKind.DISCONNECT).reason("the client went away");
    }

    /** Number of scheduled cancels. */
    int scheduled() {
        return timer.getQueue().size();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
