/**
 * What all benchmarks share: values and their percentiles, rows, the table, the JSON. A {@link dev.rein.bench.harness.Group}
 * brings the measurements, and {@link dev.rein.bench.harness.Runner} makes them one after the other. It knows nothing of
 * what is measured.
 */
@NullMarked
package dev.rein.bench.harness;

import org.jspecify.annotations.NullMarked;
