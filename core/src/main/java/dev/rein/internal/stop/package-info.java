/** Stopping work: scopes, aborters, interrupts, grace. Knows nothing of runs beyond their ids. Start with {@link dev.rein.internal.stop.Scope}. */
@NullMarked
package dev.rein.internal.stop;

import org.jspecify.annotations.NullMarked;
