package dev.rein.internal.event;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunStream;
import java.time.Duration;

/** The stream of a run's foreground caller: the run waits for its reader, and applies the disconnect policy when it is closed. */
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

    /** Treats an interrupt as a disconnect: ends the iteration, after the run's end if the disconnect stops it. */
    @Override
    void interrupted() {
        super.interrupted();
        if (caller.disconnected("the thread that read its stream was interrupted")) {
            run().awaitEnd();
        }
    }

    /** Closes the stream without a disconnect. */
    public void detach() {
        super.close();
    }

    @Override
    public void close() {
        super.close();
        if (!isFullyRead() && !run().rests() && caller.disconnected("its stream was closed")) {
            run().awaitEnd();
        }
    }
}
