/**
 * Durable runs: background runs that are kept in a queue of their store until a process executes them, and that survive the death
 * of that process. Start with {@link dev.rein.queue.DurableOptions}, given to
 * {@link dev.rein.runtime.RunOptions#durable(DurableOptions)}. A store that has a queue implements {@link dev.rein.queue.RunQueue}.
 */
@NullMarked
package dev.rein.queue;

import org.jspecify.annotations.NullMarked;
