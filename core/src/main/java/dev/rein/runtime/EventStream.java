package dev.rein.runtime;

import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to the events of a run, in their order up to the terminal event. Iterating blocks until the next event
 * happens. To be used by one thread at a time; {@link #close()} may be called by any thread.
 */
public interface EventStream extends Iterable<RunEvent>, AutoCloseable {

    /**
     * Returns the iterator of this stream, the same one at each call. It ends after the terminal event, when the run is
     * paused, when this stream is closed, or when its thread is interrupted.
     *
     * <p>Its methods throw {@link StreamExpiredException} if this subscriber fell behind and events were dropped.
     */
    @Override
    Iterator<RunEvent> iterator();

    /**
     * Returns the next event, or null if none happens in time: an alternative to the iterator for readers with other work.
     *
     * @param atMost the maximum time to wait; zero does not wait
     * @return the event; null if none happened in time, or if there are no further events, see {@link #isOver()}
     * @throws StreamExpiredException if this subscriber fell behind and events were dropped
     */
    @Nullable
    RunEvent next(Duration atMost);

    /** Whether there are no further events: the terminal event was read, the run is paused, or this stream was closed. */
    boolean isOver();

    /** Ends the iteration. Does not affect the run. */
    @Override
    void close();
}
