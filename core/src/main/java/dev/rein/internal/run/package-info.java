/**
 * The kernel: how a run lives, stops and ends. {@link dev.rein.internal.run.Run} is one run, {@link dev.rein.internal.run.Kernel} is all of them; they know nothing about agents, teams or workflows.
 */
@NullMarked
package dev.rein.internal.run;

import org.jspecify.annotations.NullMarked;
