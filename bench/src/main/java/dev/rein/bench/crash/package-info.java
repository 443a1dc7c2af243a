/** Kills a process again and again in the middle of its work, and looks at what is left of that in its store. */
@NullMarked
package dev.rein.bench.crash;

import org.jspecify.annotations.NullMarked;
