/**
 * Teams: a leader with a model delegates work to members, which are agents or other teams. Start with {@link
 * dev.rein.team.Team#builder()}. Teams are run like agents, and the runs of the members are child runs of the team's run.
 */
@NullMarked
package dev.rein.team;

import org.jspecify.annotations.NullMarked;
