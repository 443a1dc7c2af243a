package dev.rein.run.event;

import dev.rein.run.Requirement;
import dev.rein.run.StepRef;

/**
 * A router waits for people to choose.
 *
 * @param meta where and when
 * @param step the step
 * @param requirement what it waits for
 */
public record RouterPaused(EventMeta meta, StepRef step, Requirement requirement) implements StepEvent {}
