package dev.rein.internal.event;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunStream;
import java.time.Duration;

/** The stream of a run's owner: the run waits for it, and is told when it goes away. */
public final class ForegroundStream extends Subscription implements RunStream {
    private final ForegroundCaller caller;

    ForegroundStream(ObservedRun run, EventLog.Reader reader, ForegroundCaller caller) {
        super(run, reader);
        this.caller = caller;
    }

    @Override
    public String runId() {
        return run().id();
    }

    @Override
    public RunStatus status() {
        return run().status();
    }

    @Override
    public RunOutput output() {
        return run().output();
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return run().cancel(request);
    }

    @Override
    public void cancelAfter(Duration delay) {
        caller.cancelAfter(delay);
    }

    /** An interrupt in the iterator is a disconnect: the iteration ends, after the run if that is stopped by it. */
    @Override
    void interrupted() {
        super.interrupted();
        if (caller.left("the thread that read its stream was interrupted")) {
            run().awaitEnd();
        }
    }

    /** Leaves without a word: nothing has happened. */
    public void leave() {
        super.close();
    }

    @Override
    public void close() {
        super.close();
        if (!isRead() && !run().rests() && caller.left("its stream was closed")) {
            run().awaitEnd();
        }
    }
}
