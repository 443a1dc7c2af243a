package dev.rein.run.event;

import dev.rein.run.Requirement;
import dev.rein.run.StepRef;

/**
 * The output of a step waits for its review.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param requirement the requirement to be answered, with the output in its terms
 */
public record StepOutputReview(EventMeta meta, StepRef step, Requirement requirement) implements StepEvent {}
