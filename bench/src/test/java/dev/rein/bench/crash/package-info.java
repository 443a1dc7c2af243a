@NullMarked
package dev.rein.bench.crash;

import org.jspecify.annotations.NullMarked;
