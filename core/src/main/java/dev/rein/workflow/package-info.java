/**
 * Workflows: steps that are executed by agents, teams, functions and other workflows, in sequence, in parallel, in loops, by
 * conditions and by choice. Start with {@link dev.rein.workflow.Workflow#builder()} and {@link dev.rein.workflow.Step}.
 * Workflows are run like agents, and all classes here are immutable.
 */
@NullMarked
package dev.rein.workflow;

import org.jspecify.annotations.NullMarked;
