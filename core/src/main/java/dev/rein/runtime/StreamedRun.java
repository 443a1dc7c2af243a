package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Answer;
import dev.rein.internal.run.Kernel;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A stream of the kernel as the stream of a typed run. */
final class StreamedRun<T> implements TypedRunStream<T> {
    private final Kernel.OwnedStream owned;

    StreamedRun(Kernel.OwnedStream owned) {
        this.owned = owned;
    }

    @Override
    public TypedOutput<T> typedOutput() {
        return TypedOutput.of(Answer.soFar(owned.run()));
    }

    @Override
    public String runId() {
        return owned.stream().runId();
    }

    @Override
    public RunStatus status() {
        return owned.stream().status();
    }

    @Override
    public RunOutput output() {
        return owned.stream().output();
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return owned.stream().cancel(request);
    }

    @Override
    public void cancelAfter(Duration delay) {
        owned.stream().cancelAfter(delay);
    }

    @Override
    public Iterator<RunEvent> iterator() {
        return owned.stream().iterator();
    }

    @Override
    public @Nullable RunEvent next(Duration atMost) {
        return owned.stream().next(atMost);
    }

    @Override
    public boolean isOver() {
        return owned.stream().isOver();
    }

    @Override
    public void close() {
        owned.stream().close();
    }
}
