/** Tests of the group {@code models}. */
@NullMarked
package dev.rein.bench.models;

import org.jspecify.annotations.NullMarked;
