/**
 * The random walk: random trees of agents, teams and workflows, full of misbehaving user code, are run and stopped at random
 * moments, and every run is checked against the kernel's rules. Start at {@link dev.rein.bench.walk.Walk}. A {@link
 * dev.rein.bench.walk.Plan} is generated from a seed, a factory builds its components, an executor runs them, and {@link
 * dev.rein.bench.walk.Rules} judges the outcome.
 */
@NullMarked
package dev.rein.bench.walk;

import org.jspecify.annotations.NullMarked;
