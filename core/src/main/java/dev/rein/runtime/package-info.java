/**
 * Running components: what agents, teams and workflows have in common.
 *
 * <p>A {@link dev.rein.runtime.Component} is run, streamed or started in the background with {@link
 * dev.rein.runtime.RunOptions}. {@link dev.rein.runtime.Runs} lists and cancels the runs of a process.
 */
@NullMarked
package dev.rein.runtime;

import org.jspecify.annotations.NullMarked;
