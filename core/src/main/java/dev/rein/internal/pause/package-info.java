/** Runs that wait for people: what they ask, and what another process needs to resume them. Start with {@link dev.rein.internal.pause.PendingRequirements}. */
@NullMarked
package dev.rein.internal.pause;

import org.jspecify.annotations.NullMarked;
