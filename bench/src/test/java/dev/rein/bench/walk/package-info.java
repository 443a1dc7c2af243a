/** Tests of the random walk, and fifteen seconds of it. */
@NullMarked
package dev.rein.bench.walk;

import org.jspecify.annotations.NullMarked;
