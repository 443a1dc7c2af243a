package dev.rein.run.event;

import java.time.Instant;

/**
 * What every event carries.
 *
 * @param origin where it comes from
 * @param index its place among all events of the root run, from 0, without gaps
 * @param createdAt when it happened
 */
public record EventMeta(Origin origin, long index, Instant createdAt) {}
