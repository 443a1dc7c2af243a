package dev.rein.internal.storing;

import dev.rein.run.event.RunEvent;

/** Keeps the events of a log elsewhere, and may be slower than those who append. Called under the tree's lock. */
public interface EventKeeper {
    /** Takes an event, or loses it if there is no room. */
    void keep(RunEvent event);

    /** Whether events are to wait for room. */
    boolean isFull();

    /** There was no room for too long: events that have none are lost from here on, until there is room again. */
    void giveUp();

    /** Has {@code listener} called, under the lock, when there is room again. */
    void onRoom(Runnable listener);
}
