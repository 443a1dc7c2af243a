package dev.rein.run;

import dev.rein.run.Requirement.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decision on a {@link Requirement}. Immutable.
 *
 * @param requirementId the id of the requirement
 * @param action the decision
 * @param note an explanation for the model, feedback on a rejected output; null for none
 * @param values the values of an INPUT; otherwise empty
 * @param result the result of a RESULT, the changed content of an EDIT; otherwise null
 * @param choices the chosen names of a CHOOSE; otherwise empty
 */
public record Decision(
        String requirementId,
        Action action,
        @Nullable String note,
        Map<String, Object> values,
        @Nullable String result,
        List<String> choices) {
    public Decision {
        values = Map.copyOf(values);
        choices = List.copyOf(choices);
    }

    /** The kinds of decisions. */
    public enum Action {
        CONFIRM,
        REJECT,
        INPUT,
        RESULT,
        CHOOSE,
        RETRY,
        SKIP,
        EDIT,
        /** Nobody has decided in time. Made by the run itself; as an answer it is rejected. */
        TIMED_OUT;

        /** Whether this decision is valid for requirements of the given kind. */
        public boolean answers(Kind kind) {
            return switch (this) {
                case CONFIRM -> kind == Kind.CONFIRMATION || kind == Kind.REVIEW;
                case REJECT -> true;
                case INPUT -> kind == Kind.USER_INPUT;
                case RESULT -> kind == Kind.EXTERNAL_EXECUTION;
                case CHOOSE -> kind == Kind.ROUTE;
                case RETRY, SKIP -> kind == Kind.ERROR;
                case EDIT -> kind == Kind.REVIEW;
                case TIMED_OUT -> false;
            };
        }
    }

    /**
     * A rejected output of a step, for its next execution. Immutable.
     *
     * @param number the number of the rejection, from 1
     * @param note the feedback; null for none
     * @param output the rejected output
     */
    public record Rejection(int number, @Nullable String note, StepOutput output) {}

    private static Decision of(String id, Action action) {
        return new Decision(id, action, null, Map.of(), null, List.of());
    }

    /** Confirms the tool call or step, or accepts the output of a step. */
    public static Decision confirm(String requirementId) {
        return of(requirementId, Action.CONFIRM);
    }

    /**
     * Rejects the tool call or step, or the output of a step, whose {@code onReject} decides what follows. Rejecting a failed step
     * makes the workflow fail.
     */
    public static Decision reject(String requirementId) {
        return of(requirementId, Action.REJECT);
    }

    /**
     * Rejects the tool call or step, or the output of a step.
     *
     * @param note an explanation for the model; for an output that is made again, feedback
     */
    public static Decision reject(String requirementId, String note) {
        return new Decision(requirementId, Action.REJECT, note, Map.of(), null, List.of());
    }

    /**
     * Provides the requested values.
     *
     * @param values the values by field; for a tool call they replace those of the model
     */
    public static Decision input(String requirementId, Map<String, Object> values) {
        return new Decision(requirementId, Action.INPUT, null, values, null, List.of());
    }

    /**
     * Accepts the output of a step with a changed content.
     *
     * @param content the content that replaces that of the output, not null
     */
    public static Decision edit(String requirementId, String content) {
        Objects.requireNonNull(content, "the content of an edited output is null: give a text, or \"\" for none");
        return new Decision(requirementId, Action.EDIT, null, Map.of(), content, List.of());
    }

    /** Provides the result of an external execution. */
    public static Decision result(String requirementId, String result) {
        return new Decision(requirementId, Action.RESULT, null, Map.of(), result, List.of());
    }

    /**
     * Chooses the steps that a router executes.
     *
     * @param choices names from {@link Requirement#choices()}
     */
    public static Decision choose(String requirementId, String... choices) {
        return new Decision(requirementId, Action.CHOOSE, null, Map.of(), null, List.of(choices));
    }

    /** Retries the failed step. */
    public static Decision retry(String requirementId) {
        return of(requirementId, Action.RETRY);
    }

    /** Skips the failed step. */
    public static Decision skip(String requirementId) {
        return of(requirementId, Action.SKIP);
    }
}
