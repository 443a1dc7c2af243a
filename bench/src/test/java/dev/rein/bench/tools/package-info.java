@NullMarked
package dev.rein.bench.tools;

import org.jspecify.annotations.NullMarked;
