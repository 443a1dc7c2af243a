/**
 * The vocabulary of cancellation: requests, causes and modes. Start with {@link dev.rein.cancel.CancelRequest} to stop a
 * run, and with {@link dev.rein.cancel.Cancellation} to write a tool or model adapter that blocks. {@link
 * dev.rein.cancel.CancelCause} says why a run was stopped.
 */
@NullMarked
package dev.rein.cancel;

import org.jspecify.annotations.NullMarked;
