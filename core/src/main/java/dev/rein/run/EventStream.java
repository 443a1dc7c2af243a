package dev.rein.run;

import dev.rein.run.event.RunEvent;
import java.util.Iterator;

/**
 * The events of a run as one subscriber sees them, in order, from where it asked, to the terminal one. Iterating waits for
 * what has not happened yet. For one thread at a time; {@link #close()} may be called by any.
 */
public interface EventStream extends Iterable<RunEvent>, AutoCloseable {

    /**
     * The one iterator of this stream: the same at each call. It ends after the terminal event, or when this is closed or
     * its thread interrupted.
     *
     * <p>Its methods throw {@link StreamExpiredException} when this subscriber fell behind what the run keeps.
     */
    @Override
    Iterator<RunEvent> iterator();

    /** Ends the iteration. The run is not affected. */
    @Override
    void close();
}
