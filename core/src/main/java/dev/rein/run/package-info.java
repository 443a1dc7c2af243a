/**
 * The data of runs: input, output, status, failures, tool calls, step outputs and decisions. Start with {@link
 * dev.rein.run.RunOutput}, the result of a run, and {@link dev.rein.run.RunContext}, which tools and hooks receive. Runs are
 * started and stopped with the classes of {@link dev.rein.runtime}.
 */
@NullMarked
package dev.rein.run;

import org.jspecify.annotations.NullMarked;
