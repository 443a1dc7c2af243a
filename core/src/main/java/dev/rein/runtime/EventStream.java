package dev.rein.runtime;

import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run as one subscriber sees them, in order, from where it asked, to the terminal one. Iterating waits for
 * what has not happened yet. For one thread at a time; {@link #close()} may be called by any.
 */
public interface EventStream extends Iterable<RunEvent>, AutoCloseable {

    /**
     * The one iterator of this stream: the same at each call. It ends after the terminal event, when the run is paused, or when
     * this is closed or its thread interrupted.
     *
     * <p>Its methods throw {@link StreamExpiredException} when this subscriber fell behind what the run keeps.
     */
    @Override
    Iterator<RunEvent> iterator();

    /**
     * The next event, if there is one in time; an alternative to the iterator for readers that have something else to do
     * while nothing happens.
     *
     * @param atMost how long to wait; zero only looks
     * @return null when none came in time, or when there will be none: see {@link #isOver()}
     * @throws StreamExpiredException if this subscriber fell behind what the run keeps
     */
    @Nullable
    RunEvent next(Duration atMost);

    /** Whether there will be no further event: the terminal one was read, the run is paused, or this was closed. */
    boolean isOver();

    /** Ends the iteration. The run is not affected. */
    @Override
    void close();
}
