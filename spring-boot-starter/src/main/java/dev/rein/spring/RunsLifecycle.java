package dev.rein.spring;

import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The shutdown of runs: lets them finish for the drain time, cancels the rest, and waits until their ends are stored, while all
 * that they use still works.
 */
final class RunsLifecycle implements SmartLifecycle {
    /**
     * After beans of the default phase, such as listeners of queues, which may start runs; before the application's server
     * (1024 and 2048 below the default), so that streams end by themselves and requests to cancel are still answered.
     */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

    private static final Logger log = LoggerFactory.getLogger(RunsLifecycle.class);

    private final Runs runs;
    private final DrainTime drain;
    private final Duration close;
    private volatile boolean running;

    RunsLifecycle(Runs runs, DrainTime drain, Duration close) {
        this.runs = runs;
        this.drain = drain;
        this.close = close;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        var late = runs.drain(drain.remaining()).stream()
                .filter(run -> run.status() != RunStatus.PAUSED)
                .toList();
        if (!late.isEmpty()) {
            log.info(
                    "cancelling {} runs that have not ended within {} s, {} of {} the first",
                    late.size(),
                    drain.all().toMillis() / 1_000.0,
                    late.getFirst().runId(),
                    late.getFirst().componentId());
        }
        if (!runs.close(close)) {
            log.warn("some runs have not ended within {} s", close.toMillis() / 1_000.0);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Runs that are drained start no more. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
