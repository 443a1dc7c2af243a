/** Tests of what all benchmarks share. */
@NullMarked
package dev.rein.bench.harness;

import org.jspecify.annotations.NullMarked;
