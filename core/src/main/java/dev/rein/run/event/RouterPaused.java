package dev.rein.run.event;

import dev.rein.run.Requirement;
import dev.rein.run.StepRef;

/**
 * A router waits for a decision on which steps to execute.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param requirement the requirement to be answered
 */
public record RouterPaused(EventMeta meta, StepRef step, Requirement requirement) implements StepEvent {}
