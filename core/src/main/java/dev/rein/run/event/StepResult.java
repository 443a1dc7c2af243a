package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;

/**
 * What the function of a step has returned. Clients of AgentOS know it as {@code StepOutput}.
 *
 * @param meta where and when
 * @param step the step
 * @param output its result
 */
public record StepResult(EventMeta meta, StepRef step, StepOutput output) implements StepEvent {}
