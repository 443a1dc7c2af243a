package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;

/**
 * A run that its owner watches event by event. The owner sets the pace: a run waits when its owner does not read, so no
 * event is lost and memory stays bounded. Leaving before the last event is a disconnect: by default it cancels the run. The
 * stream of a run that pauses ends there; {@link Component#continueStream} gives the next one.
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
 * Iterated by one thread; every other method may be called by any.
 */
public interface RunStream extends EventStream {

    /** Known before the first event. */
    String runId();

    RunStatus status();

    /** What the run has come to so far; final once the last event has been read. Does not wait. */
    RunOutput output();

    /** Stops the run now; the iteration goes on to its terminal event. */
    default CancelResult cancel() {
        return cancel(CancelRequest.now());
    }

    CancelResult cancel(CancelRequest request);

    /** Stops the run now if it has not ended after {@code delay}. */
    void cancelAfter(Duration delay);

    /**
     * Leaves. If the run has neither ended nor is paused, its disconnect policy applies; when that cancels it, this waits, bounded by the grace
     * period and the time limits of its cleanup, until it has ended and is stored.
     */
    @Override
    void close();
}
