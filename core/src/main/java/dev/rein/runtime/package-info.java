/**
 * The runtime: starting, watching and stopping runs of agents, teams and workflows. Start with {@link
 * dev.rein.runtime.Component}, which is run, streamed or started in the background with {@link dev.rein.runtime.RunOptions}.
 * {@link dev.rein.runtime.Runs} lists and cancels the live runs of the process.
 */
@NullMarked
package dev.rein.runtime;

import org.jspecify.annotations.NullMarked;
