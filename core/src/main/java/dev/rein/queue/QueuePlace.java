package dev.rein.queue;

/**
 * A place in a store's queue, in a list. Immutable.
 *
 * @param run the place
 * @param state what has become of its run
 */
public record QueuePlace(QueuedRun run, PlaceState state) {}
