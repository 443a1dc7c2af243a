/**
 * Workflows: steps that agents, teams, functions and other workflows execute, in sequence, in parallel, in loops, by
 * conditions and by choice. Start with {@link dev.rein.workflow.Workflow#builder()} and {@link dev.rein.workflow.Step}.
 * Everything here is immutable, and is run like an agent: {@code run}, {@code stream} or {@code start}.
 */
@NullMarked
package dev.rein.workflow;

import org.jspecify.annotations.NullMarked;
