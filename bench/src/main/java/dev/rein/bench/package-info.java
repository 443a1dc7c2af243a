/**
 * Measures what Rein costs and how fast it stops, and shows it beside the floor: the same thing done in the same run without
 * Rein. Start at {@link dev.rein.bench.Bench}, which {@code ./rein bench} calls. The file {@code docs/benchmarks.md} says
 * what each row means.
 */
@NullMarked
package dev.rein.bench;

import org.jspecify.annotations.NullMarked;
