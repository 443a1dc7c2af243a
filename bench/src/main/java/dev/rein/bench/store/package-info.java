/** Measures what storing costs, and how fast a stop from another process is. */
@NullMarked
package dev.rein.bench.store;

import org.jspecify.annotations.NullMarked;
