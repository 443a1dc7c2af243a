package dev.rein.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a paused run waits for. Answered by a {@link Decision} with its id.
 *
 * @param id its id
 * @param kind what is asked for
 * @param runId the run that asks: the paused one, or one below it
 * @param componentId the agent, team or workflow that asks
 * @param tool the tool call that waits; null when it is a step
 * @param step the step that waits; null when it is a tool call outside a workflow
 * @param message the question, for people
 * @param fields the names of the values that a USER_INPUT gives
 * @param choices what a ROUTE chooses from
 * @param createdAt since when
 */
public record Requirement(
        String id,
        Kind kind,
        String runId,
        String componentId,
        @Nullable ToolExecution tool,
        @Nullable StepRef step,
        String message,
        List<String> fields,
        List<String> choices,
        Instant createdAt) {
    public Requirement {
        fields = List.copyOf(fields);
        choices = List.copyOf(choices);
    }

    /** What is asked for. */
    public enum Kind {
        /** May it be done? {@link Decision#confirm} or {@link Decision#reject}. */
        CONFIRMATION,
        /** With which values? {@link Decision#input} or {@link Decision#reject}. */
        USER_INPUT,
        /** Do it, and give its result: {@link Decision#result} or {@link Decision#reject}. */
        EXTERNAL_EXECUTION,
        /** A step has failed: {@link Decision#retry}, {@link Decision#skip} or {@link Decision#reject}. */
        ERROR,
        /** Which way? {@link Decision#choose} or {@link Decision#reject}. */
        ROUTE
    }
}
