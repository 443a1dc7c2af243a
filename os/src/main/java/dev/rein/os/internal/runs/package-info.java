/** Runs over HTTP: starting, following, continuing, cancelling and finding them, live and stored. */
@NullMarked
package dev.rein.os.internal.runs;

import org.jspecify.annotations.NullMarked;
