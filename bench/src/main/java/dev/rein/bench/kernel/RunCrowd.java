package dev.rein.bench.kernel;

import dev.rein.agent.Agent;
import dev.rein.bench.provider.Crowd;
import dev.rein.cancel.CancelRequest;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Runs of one session, stopped by {@link Runs#cancelSession}. */
final class RunCrowd implements Crowd {
    private final Agent agent;
    private final String session = "bench-" + UUID.randomUUID();
    private final RunOptions options = RunOptions.defaults().sessionId(session);
    private final List<RunHandle> runs = new ArrayList<>();

    RunCrowd(Agent agent) {
        this.agent = agent;
    }

    @Override
    public void add() {
        runs.add(agent.start("Tell me a story.", options));
    }

    @Override
    public Stopped stop() throws InterruptedException {
        var startedAt = System.nanoTime();
        var results = Runs.shared().cancelSession(session, CancelRequest.now());
        var calledAt = System.nanoTime();
        for (var run : runs) {
            run.await();
        }
        var endedAt = System.nanoTime();
        var cancelled = runs.stream().filter(run -> run.output().isCancelled()).count();
        if (results.size() != runs.size() || cancelled != runs.size()) {
            throw new IllegalStateException("of " + runs.size() + " runs " + results.size() + " were told to stop and "
                    + cancelled + " ended as cancelled");
        }
        runs.clear();
        return new Stopped(startedAt, calledAt, endedAt);
    }
}
