package dev.rein.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision that a paused run waits for. It is met by a {@link Decision} with its id. Immutable.
 *
 * @param id the id
 * @param kind the kind of decision
 * @param runId the id of the run that asks: the paused one or a run below it
 * @param componentId the id of the agent, team or workflow that asks
 * @param tool the waiting tool call; null for a step
 * @param step the waiting step, or the step that contains the tool call; null outside a workflow
 * @param message the question, for people
 * @param fields the names of the values requested by a USER_INPUT
 * @param choices the names that a ROUTE can choose
 * @param createdAt when the requirement arose
 * @param schema the JSON schema of the object with the values of a USER_INPUT; null if they may have any type
 * @param terms what the step that asks has set for the answer; null for a tool call, a failed step and an external execution
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
        Instant createdAt,
        @Nullable JsonNode schema,
        @Nullable Terms terms) {
    public Requirement {
        fields = List.copyOf(fields);
        choices = List.copyOf(choices);
        // A stored null is read as a node.
        schema = schema == null || schema.isNull() ? null : schema;
    }

    /** Creates a requirement without a schema and terms. */
    public Requirement(
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
        this(id, kind, runId, componentId, tool, step, message, fields, choices, createdAt, null, null);
    }

    /** The kinds of requirements. */
    public enum Kind {
        /** Whether to execute a tool call or step: {@link Decision#confirm} or {@link Decision#reject}. */
        CONFIRMATION,
        /** Values for a tool call or step: {@link Decision#input} or {@link Decision#reject}. */
        USER_INPUT,
        /** The result of an execution elsewhere: {@link Decision#result} or {@link Decision#reject}. */
        EXTERNAL_EXECUTION,
        /**
         * How to continue after a failed step: {@link Decision#retry}, {@link Decision#skip} or {@link Decision#reject}.
         */
        ERROR,
        /** Which steps a router executes: {@link Decision#choose} or {@link Decision#reject}. */
        ROUTE,
        /** Whether the output of a step is accepted: {@link Decision#confirm}, {@link Decision#edit} or {@link Decision#reject}. */
        REVIEW
    }

    /** What a rejection, or a wait without an answer, leads to. */
    public enum Outcome {
        /** As if it had been confirmed. */
        APPROVE,
        /** The step is skipped: not executed, or its output is discarded. */
        SKIP,
        /** A condition executes its other steps. */
        ELSE_BRANCH,
        /** The step is executed again. */
        RETRY,
        /** The run of the workflow is cancelled. */
        CANCEL
    }

    /**
     * What a step has set for the answer to its question. Immutable.
     *
     * @param step the kind of the step
     * @param output the output to review; null before the start of the step
     * @param onReject what a rejection leads to
     * @param rejections how many outputs of the step were rejected before this one
     * @param maxRetries how many outputs may be rejected; one more rejection cancels the run
     * @param expiresAt when {@code onTimeout} takes effect; null for never
     * @param onTimeout what a wait without an answer leads to
     */
    public record Terms(
            StepKind step,
            @Nullable StepOutput output,
            Outcome onReject,
            int rejections,
            int maxRetries,
            @Nullable Instant expiresAt,
            Outcome onTimeout) {}

    /** Whether the time for an answer was over at some time. */
    public boolean hasExpired(Instant now) {
        return terms != null && terms.expiresAt != null && !now.isBefore(terms.expiresAt);
    }
}
