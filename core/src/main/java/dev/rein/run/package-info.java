/**
 * Runs: how an agent, a team or a workflow is started, watched and stopped. Start with {@link dev.rein.run.Component}, the
 * three ways to run one; {@link dev.rein.run.RunHandle} and {@link dev.rein.run.RunStream} are what you hold while it
 * runs, {@link dev.rein.run.RunOutput} is what you get, and {@link dev.rein.run.Runs} finds every live run of the process.
 */
@NullMarked
package dev.rein.run;

import org.jspecify.annotations.NullMarked;
