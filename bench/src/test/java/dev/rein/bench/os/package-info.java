@NullMarked
package dev.rein.bench.os;

import org.jspecify.annotations.NullMarked;
