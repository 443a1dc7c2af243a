/**
 * What "it stops" must mean, one test class for each situation, with its number. Everything goes through the public API, on
 * real threads, sockets and files. {@link dev.rein.situations.RunInvariants} is what must hold at the end of every run.
 */
@NullMarked
package dev.rein.situations;

import org.jspecify.annotations.NullMarked;
