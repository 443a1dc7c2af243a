package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Answer;
import dev.rein.internal.run.Run;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A run of the kernel as the handle of a typed run. */
final class StartedRun<T> implements TypedRunHandle<T> {
    private final Run run;

    StartedRun(Run run) {
        this.run = run;
    }

    @Override
    public TypedOutput<T> typedOutput() {
        return TypedOutput.of(Answer.soFar(run));
    }

    @Override
    public TypedOutput<T> awaitTyped() throws InterruptedException {
        return TypedOutput.of(Answer.of(run, run.await()));
    }

    @Override
    public TypedOutput<T> awaitTyped(Duration timeout) throws InterruptedException, TimeoutException {
        return TypedOutput.of(Answer.of(run, run.await(timeout)));
    }

    @Override
    public String id() {
        return run.id();
    }

    @Override
    public RunStatus status() {
        return run.status();
    }

    @Override
    public RunOutput output() {
        return run.output();
    }

    @Override
    public RunOutput await() throws InterruptedException {
        return run.await();
    }

    @Override
    public RunOutput await(Duration timeout) throws InterruptedException, TimeoutException {
        return run.await(timeout);
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return run.cancel(request);
    }

    @Override
    public void onEnd(Consumer<RunOutput> listener) {
        run.onEnd(listener);
    }

    @Override
    public EventStream events(long lastIndex) {
        return run.events(lastIndex);
    }
}
