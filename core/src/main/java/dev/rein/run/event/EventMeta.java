package dev.rein.run.event;

import java.time.Instant;

/**
 * Metadata of an event.
 *
 * @param origin the run that the event belongs to
 * @param index the position among all events of the root run, from 0, without gaps except that the index after the end of a
 *     cancelled run stays free
 * @param createdAt when the event happened
 */
public record EventMeta(Origin origin, long index, Instant createdAt) {}
