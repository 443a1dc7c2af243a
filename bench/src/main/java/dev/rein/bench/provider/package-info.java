/** What is measured against: the fake provider in a process of its own, bare clients of it, and models that cost nothing. */
@NullMarked
package dev.rein.bench.provider;

import org.jspecify.annotations.NullMarked;
