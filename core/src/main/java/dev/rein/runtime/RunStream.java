package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.print.RunPrinter;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;

/**
 * The stream of a run for its owner. The run waits while its owner does not read, so that no event is lost and memory stays
 * bounded. Closing the stream before the last event is a disconnect, which cancels the run by default. The stream ends when
 * the run is paused; {@link Component#continueStream} returns the next one.
 *
 * {@snippet :
 * try (var events = agent.stream("Write a story.")) {
 *     for (var event : events) {
 *         if (event instanceof RunContent content) System.out.print(content.content());
 *     }
 *     System.out.println(events.output().status());
 * }
 * }
 *
 * To be iterated by one thread; all other methods are thread-safe.
 */
public interface RunStream extends EventStream {

    /** The id of the run, available before the first event. */
    String runId();

    /** The current status. */
    RunStatus status();

    /** Returns the output so far, final once the last event was read. Does not wait. */
    RunOutput output();

    /** Stops the run now. The iteration continues up to the terminal event. */
    default CancelResult cancel() {
        return cancel(CancelRequest.now());
    }

    /** Stops the run. The iteration continues up to the terminal event. */
    CancelResult cancel(CancelRequest request);

    /** Stops the run if it has not ended after {@code delay}. Of several calls the earliest instant counts. */
    void cancelAfter(Duration delay);

    /**
     * Prints the run to standard output up to its end or its pause; see {@link Component#print(String)}. A stream of which events were read is printed from
     * there on.
     *
     * @return the output, as of {@link #output()}
     */
    default RunOutput print() {
        return print(RunPrinter.standard());
    }

    /** Prints the run like {@link #print()}, elsewhere or in another form. */
    default RunOutput print(RunPrinter printer) {
        return PrintedRun.print(this, printer);
    }

    /**
     * Closes the stream. If the run has neither ended nor is paused, the disconnect policy applies. If that cancels the
     * run, this method waits until it has ended and is stored, bounded by the grace period and the time limits of the
     * cleanup.
     */
    @Override
    void close();
}
