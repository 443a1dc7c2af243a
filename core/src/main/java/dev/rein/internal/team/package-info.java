/** The runs of teams: a leader's model loop, with tools that delegate work to members. Start with {@link dev.rein.internal.team.TeamPlan}. */
@NullMarked
package dev.rein.internal.team;

import org.jspecify.annotations.NullMarked;
