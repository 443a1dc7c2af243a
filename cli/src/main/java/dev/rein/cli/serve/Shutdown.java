package dev.rein.cli.serve;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.cli.Durations;
import dev.rein.cli.Signals;
import dev.rein.os.AgentOS;
import dev.rein.run.LiveRun;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The shutdown of a server: the first Ctrl-C starts the drain, the second cancels all runs at once. */
final class Shutdown implements AutoCloseable {
    private final AgentOS os;
    private final Duration drain;
    private final PrintWriter out;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Signals signals = Signals.on(this::signal);

    Shutdown(AgentOS os, Duration drain, PrintWriter out) {
        this.os = os;
        this.drain = drain;
        this.out = out;
        // For a shutdown without a signal.
        Runs.shared().drainAtExit(drain);
    }

    private synchronized void signal() {
        if (asked.getCount() > 0) {
            asked.countDown();
        } else {
            Runs.shared()
                    .cancelAll(CancelRequest.now().kind(CancelKind.SHUTDOWN).actor("rein serve"));
        }
    }

    /** Waits for the first signal, closes the server, and reports how the runs ended. */
    void await() throws InterruptedException {
        asked.await();
        var runs = live();
        say(
                runs.isEmpty()
                        ? "Shutting down; no run is live."
                        : "Shutting down: " + count(runs.size()) + " live and may take " + Durations.format(drain)
                                + " to finish. Press Ctrl-C again to cancel them at once.");
        var startedAt = System.nanoTime();
        os.close();
        if (!runs.isEmpty()) {
            var completed = runs.stream()
                    .filter(run -> run.status() == RunStatus.COMPLETED)
                    .count();
            var cancelled = runs.stream()
                    .filter(run -> run.status() == RunStatus.CANCELLED)
                    .count();
            var others = runs.size() - completed - cancelled;
            say("Shut down after " + Durations.format(Duration.ofNanos(System.nanoTime() - startedAt)) + ": "
                    + completed
                    + " completed, " + cancelled + " cancelled"
                    + (others == 0 ? "" : ", " + others + " failed or unfinished")
                    + ".");
        }
    }

    private static String count(int runs) {
        return runs == 1 ? "1 run is" : runs + " runs are";
    }

    private static List<RunHandle> live() {
        var handles = new ArrayList<RunHandle>();
        for (LiveRun run : Runs.shared().live()) {
            if (run.parentRunId() == null && run.status() != RunStatus.PAUSED) {
                Runs.shared().handle(run.runId()).ifPresent(handles::add);
            }
        }
        return handles;
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void close() {
        signals.close();
    }
}
