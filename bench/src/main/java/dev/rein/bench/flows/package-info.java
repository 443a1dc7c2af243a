/** Measures teams and workflows. */
@NullMarked
package dev.rein.bench.flows;

import org.jspecify.annotations.NullMarked;
