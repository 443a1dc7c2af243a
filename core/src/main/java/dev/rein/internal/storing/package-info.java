/** The way of runs into their stores, and this process among those that share one. Start with {@link dev.rein.internal.storing.RunRecord}. */
@NullMarked
package dev.rein.internal.storing;

import org.jspecify.annotations.NullMarked;
