/** Tests of the benchmarks' command. */
@NullMarked
package dev.rein.bench;

import org.jspecify.annotations.NullMarked;
