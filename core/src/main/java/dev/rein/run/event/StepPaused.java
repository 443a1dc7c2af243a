package dev.rein.run.event;

import dev.rein.run.Requirement;
import dev.rein.run.StepRef;

/**
 * A step waits for people.
 *
 * @param meta where and when
 * @param step the step
 * @param requirement what it waits for
 */
public record StepPaused(EventMeta meta, StepRef step, Requirement requirement) implements StepEvent {}
