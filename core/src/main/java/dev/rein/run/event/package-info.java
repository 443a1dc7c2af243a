/**
 * What happens in a run, as one sealed family of records: agents', teams' and workflows' events alike. Start with {@link
 * dev.rein.run.event.RunEvent} and switch over it; {@link dev.rein.run.event.Terminal} is the last one of every run.
 * Users add events of their own as {@link dev.rein.run.event.CustomEvent}.
 */
@NullMarked
package dev.rein.run.event;

import org.jspecify.annotations.NullMarked;
