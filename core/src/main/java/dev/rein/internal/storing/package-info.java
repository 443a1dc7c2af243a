/**
 * Storage of runs, and this process among those that share a store. Start with {@link dev.rein.internal.storing.RunRecord}: a run
 * hands its changes to it, and {@link dev.rein.internal.storing.StoreWriter} writes them.
 */
@NullMarked
package dev.rein.internal.storing;

import org.jspecify.annotations.NullMarked;
