/**
 * Runs: how an agent, a team or a workflow is started, watched and stopped. Start with {@link dev.rein.runtime.Component}, the
 * three ways to run one; {@link dev.rein.runtime.RunHandle} and {@link dev.rein.runtime.RunStream} are what you hold while it
 * runs, {@link dev.rein.run.RunOutput} is what you get, and {@link dev.rein.runtime.Runs} finds every live run of the process.
 */
@NullMarked
package dev.rein.run;

import org.jspecify.annotations.NullMarked;
