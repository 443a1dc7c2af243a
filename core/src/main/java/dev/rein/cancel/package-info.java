/**
 * The words for stopping: what is asked ({@link dev.rein.cancel.CancelRequest}), why a run stopped ({@link
 * dev.rein.cancel.CancelCause}), and the read side that tools and models see ({@link dev.rein.cancel.Cancellation}). This package depends on nothing; start with {@code
 * Cancellation} when you write a tool that waits, with {@code CancelRequest} when you stop a run.
 */
@NullMarked
package dev.rein.cancel;

import org.jspecify.annotations.NullMarked;
