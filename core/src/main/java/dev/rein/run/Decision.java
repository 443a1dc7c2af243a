package dev.rein.run;

import dev.rein.run.Requirement.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Requirement}. Immutable.
 *
 * @param requirementId which one
 * @param action what was decided
 * @param note why, for the model that asked; null for none
 * @param values the values of an INPUT
 * @param result the result of a RESULT; null otherwise
 * @param choices the names of a CHOOSE
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

    /** What was decided. */
    public enum Action {
        CONFIRM,
        REJECT,
        INPUT,
        RESULT,
        CHOOSE,
        RETRY,
        SKIP;

        /** Whether this answers such a question. */
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

    /** It may be done. */
    public static Decision confirm(String requirementId) {
        return of(requirementId, Action.CONFIRM);
    }

    /** It may not be done; of a failed step: the workflow fails. */
    public static Decision reject(String requirementId) {
        return of(requirementId, Action.REJECT);
    }

    /** @param note why, for the model that asked */
    public static Decision reject(String requirementId, String note) {
        return new Decision(requirementId, Action.REJECT, note, Map.of(), null, List.of());
    }

    /** @param values by field; of a tool they are put over the arguments that the model gave */
    public static Decision input(String requirementId, Map<String, Object> values) {
        return new Decision(requirementId, Action.INPUT, null, values, null, List.of());
    }

    /** It was done elsewhere, with this result. */
    public static Decision result(String requirementId, String result) {
        return new Decision(requirementId, Action.RESULT, null, Map.of(), result, List.of());
    }

    /** @param choices names out of {@link Requirement#choices()} */
    public static Decision choose(String requirementId, String... choices) {
        return new Decision(requirementId, Action.CHOOSE, null, Map.of(), null, List.of(choices));
    }

    /** Try the step that failed again. */
    public static Decision retry(String requirementId) {
        return of(requirementId, Action.RETRY);
    }

    /** Go on without the step that failed. */
    public static Decision skip(String requirementId) {
        return of(requirementId, Action.SKIP);
    }
}
