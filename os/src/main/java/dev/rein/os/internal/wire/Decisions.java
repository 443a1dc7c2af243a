package dev.rein.os.internal.wire;

import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people have decided, as the form of {@code .../continue} tells it. */
public final class Decisions {
    private Decisions() {}

    /**
     * Of an agent: the field {@code tools}, a list of ToolExecution.
     *
     * @param json the field; null or empty for no decision
     * @param open what the run waits for
     * @return one for each that was decided; what does not wait any more is passed over
     * @throws IllegalArgumentException if the field can't be read; the message is what the client is to be told
     */
    public static List<Decision> tools(@Nullable String json, List<Requirement> open) {
        return List.of();
    }

    /** The same of a team: the field {@code requirements}, a list of RunRequirement. */
    public static List<Decision> requirements(@Nullable String json, List<Requirement> open) {
        return List.of();
    }

    /** The same of a workflow: the field {@code step_requirements}, a list of StepRequirement. */
    public static List<Decision> stepRequirements(@Nullable String json, List<Requirement> open) {
        return List.of();
    }
}
