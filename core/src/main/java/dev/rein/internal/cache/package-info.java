/**
 * Results that are kept for a while: {@link dev.rein.internal.cache.ResultCache}. Bounded by time, number and size. Knows nothing of tools
 * and runs.
 */
@NullMarked
package dev.rein.internal.cache;

import org.jspecify.annotations.NullMarked;
