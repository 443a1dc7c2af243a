/** Tests that everything can still be measured. */
@NullMarked
package dev.rein.bench.kernel;

import org.jspecify.annotations.NullMarked;
