/**
 * The events of agents, teams and workflows, as one sealed family of records. Start with {@link
 * dev.rein.run.event.RunEvent} and switch over it; {@link dev.rein.run.event.Terminal} is the last event of every run,
 * and {@link dev.rein.run.event.EventType} names the types for stores and clients. Applications add their own events as
 * {@link dev.rein.run.event.CustomEvent}.
 */
@NullMarked
package dev.rein.run.event;

import org.jspecify.annotations.NullMarked;
