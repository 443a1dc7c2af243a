/**
 * Guardrails: checks of what goes into an agent or a team and of what comes out of it, which let a text pass, replace it, or
 * refuse it. Start with the ready ones, such as {@link dev.rein.guardrail.Pii} and {@link dev.rein.guardrail.ModelJudge}, or write
 * a {@link dev.rein.guardrail.Check}. They are given to {@code guardrails(..)} of the builders of agents and teams.
 */
@NullMarked
package dev.rein.guardrail;

import org.jspecify.annotations.NullMarked;
