package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;

/**
 * The function of a step has returned a result. Clients of AgentOS know this event as {@code StepOutput}.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param output the result
 */
public record StepResult(EventMeta meta, StepRef step, StepOutput output) implements StepEvent {}
