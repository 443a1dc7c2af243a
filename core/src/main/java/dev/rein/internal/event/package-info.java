/** The events of a tree of runs, and their readers. Start with {@link dev.rein.internal.event.EventLog}. */
@NullMarked
package dev.rein.internal.event;

import org.jspecify.annotations.NullMarked;
