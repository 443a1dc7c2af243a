package dev.rein.internal.durable;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.run.Run;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.storing.StoreQueue;
import dev.rein.run.CancelResult;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunSelector;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle of a durable run, which any process may execute: while that is not this one, what is seen of it is what is stored. */
final class DurableHandle implements RunHandle {
    private static final Logger log = LoggerFactory.getLogger(DurableHandle.class);

    private static final int MAX_LISTENERS = 10_000;

    private final AtomicInteger listeners = new AtomicInteger();
    private final Kernel kernel;
    private final StoreQueue queue;
    private final StoredRun first;

    DurableHandle(Kernel kernel, StoreQueue queue, StoredRun first) {
        this.kernel = kernel;
        this.queue = queue;
        this.first = first;
    }

    private @Nullable Run here() {
        return kernel.liveRun(first.runId());
    }

    @Override
    public String id() {
        return first.runId();
    }

    @Override
    public RunStatus status() {
        var run = here();
        return run != null ? run.status() : Objects.requireNonNullElse(queue.status(id()), RunStatus.CANCELLED);
    }

    @Override
    public RunOutput output() {
        var run = here();
        return run != null
                ? run.output()
                : queue.run(id()).map(DurableHandle::output).orElseGet(this::deleted);
    }

    /** A run whose session was deleted is stopped with it. */
    private RunOutput deleted() {
        var cause =
                new CancelCause(CancelKind.USER, "session " + first.sessionId() + " was deleted", null, Instant.now());
        return builder(first)
                .status(RunStatus.CANCELLED)
                .cause(cause)
                .stored(false)
                .build();
    }

    private static RunOutput output(StoredRun row) {
        var pause = row.pause();
        return builder(row)
                .status(row.status())
                .text(row.text())
                .cause(row.cause())
                .effectiveMode(row.effectiveMode())
                .failure(row.failure())
                .finishReason(row.finishReason())
                .rawFinishReason(row.rawFinishReason())
                .messages(row.messages())
                .tools(row.tools())
                .steps(row.steps())
                .requirements(row.status() == RunStatus.PAUSED && pause != null ? pause.requirements() : List.of())
                .metrics(Objects.requireNonNullElse(row.metrics(), RunMetrics.NONE))
                .stored(true)
                .build();
    }

    private static RunOutput.Builder builder(StoredRun row) {
        return RunOutput.builder(row.runId(), row.source(), row.componentId())
                .parentRunId(row.parentRunId())
                .sessionId(row.sessionId())
                .userId(row.userId())
                .input(row.input())
                .metadata(row.metadata())
                .createdAt(row.createdAt());
    }

    @Override
    public RunOutput await() throws InterruptedException {
        try {
            return await(true, Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public RunOutput await(Duration timeout) throws InterruptedException, TimeoutException {
        return await(true, Durations.nanos(timeout));
    }

    private RunOutput await(boolean orPaused, long atMostNanos) throws InterruptedException, TimeoutException {
        return queue.awaitRest(id(), () -> rest(orPaused), this::awaitHere, orPaused, atMostNanos);
    }

    /** The output; null if the run is live here and works, although the store says that it has ended. */
    private @Nullable RunOutput rest(boolean orPaused) {
        var output = output();
        return output.status().isTerminal() || (orPaused && output.status() == RunStatus.PAUSED) ? output : null;
    }

    private boolean awaitHere(Duration atMost) throws InterruptedException {
        var run = here();
        if (run == null || run.rests()) {
            return false;
        }
        try {
            run.await(atMost);
        } catch (TimeoutException e) {
            // The store is asked again.
        }
        return true;
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return kernel.cancel(id(), request, RunSelector.all());
    }

    @Override
    public void onEnd(Consumer<RunOutput> listener) {
        if (listeners.incrementAndGet() > MAX_LISTENERS) {
            listeners.decrementAndGet();
            throw new IllegalStateException(
                    MAX_LISTENERS + " listeners wait for the end of run " + id() + " already: use one for all");
        }
        Thread.ofVirtual().name("rein-on-end-" + id()).start(() -> {
            try {
                listener.accept(await(false, Long.MAX_VALUE));
            } catch (Throwable e) {
                log.error("a listener of the end of run {} failed", id(), PrintableExceptions.of(e));
            } finally {
                listeners.decrementAndGet();
            }
        });
    }

    @Override
    public EventStream events(long lastIndex) {
        var run = here();
        return run != null
                ? run.events(lastIndex)
                : kernel.elsewhere()
                        .events(id(), lastIndex)
                        .orElseThrow(() -> new IllegalStateException("run " + id() + " is not stored any more"));
    }
}
