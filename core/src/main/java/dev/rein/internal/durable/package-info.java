/** Durable runs: the queue of a store and the process that executes what it claims. Start with {@link dev.rein.internal.durable.DurableRuns}. */
@NullMarked
package dev.rein.internal.durable;

import org.jspecify.annotations.NullMarked;
