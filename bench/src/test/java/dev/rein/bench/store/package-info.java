@NullMarked
package dev.rein.bench.store;

import org.jspecify.annotations.NullMarked;
