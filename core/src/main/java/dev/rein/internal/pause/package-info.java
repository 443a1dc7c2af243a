/** Paused runs: their requirements, and their resume in another process. Start with {@link dev.rein.internal.pause.PendingRequirements}. */
@NullMarked
package dev.rein.internal.pause;

import org.jspecify.annotations.NullMarked;
