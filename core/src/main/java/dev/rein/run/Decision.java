package dev.rein.run;

import dev.rein.run.Requirement.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decision on a {@link Requirement}. Immutable.
 *
 * @param requirementId the id of the requirement
 * @param action the decision
 * @param note an explanation for the model; null for none
 * @param values the values of an INPUT; otherwise empty
 * @param result the result of a RESULT; otherwise null
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
        SKIP;

        /** Whether this decision is valid for requirements of the given kind. */
        public boolean answers(Kind kind) {
            return switch (this) {
                case CONFIRM -> kind == Kind.CONFIRMATION;
                case REJECT -> true;
                case INPUT -> kind == Kind.USER_INPUT;
                case RESULT -> kind == Kind.EXTERNAL_EXECUTION;
                case CHOOSE -> kind == Kind.ROUTE;
                case RETRY, SKIP -> kind == Kind.ERROR;
            };
        }
    }

    private static Decision of(String id, Action action) {
        return new Decision(id, action, null, Map.of(), null, List.of());
    }

    /** Confirms the tool call or step. */
    public static Decision confirm(String requirementId) {
        return of(requirementId, Action.CONFIRM);
    }

    /** Rejects the tool call or step. Rejecting a failed step makes the workflow fail. */
    public static Decision reject(String requirementId) {
        return of(requirementId, Action.REJECT);
    }

    /**
     * Rejects the tool call or step.
     *
     * @param note an explanation for the model
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
