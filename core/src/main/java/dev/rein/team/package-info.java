/**
 * Teams: a leader with a model of its own gives work to members, which are agents or other teams. Start with {@link
 * dev.rein.team.Team#builder()}. A team is run like an agent: {@code run}, {@code stream} or {@code start}; its members are
 * runs below its own.
 */
@NullMarked
package dev.rein.team;

import org.jspecify.annotations.NullMarked;
