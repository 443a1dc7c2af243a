package dev.rein.run;

import dev.rein.model.Image;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a workflow has come to. A function returns one, made by {@link #of}, {@link #stopWith} or {@link #failed};
 * the workflow adds whose it is. Immutable.
 *
 * @param stepName the step; empty until the workflow has added it
 * @param stepId the step's id; empty until the workflow has added it
 * @param kind what kind of step
 * @param executor the id of the agent, team or workflow that executed it; null for others
 * @param runId the executor's run; null when there was none
 * @param content the result, which the next step is given; what there was of it when the step did not succeed
 * @param images pictures that go with it
 * @param success whether it did what it was to do
 * @param error why not; null on success
 * @param stop whether the workflow ends here, COMPLETED with this content
 * @param steps the results of the steps that it is made of, in their order
 */
public record StepOutput(
        String stepName,
        String stepId,
        StepKind kind,
        @Nullable String executor,
        @Nullable String runId,
        String content,
        List<Image> images,
        boolean success,
        @Nullable String error,
        boolean stop,
        List<StepOutput> steps) {
    public StepOutput {
        Objects.requireNonNull(content, "the content of a step's output is null: give a text, if need be an empty one");
        images = List.copyOf(images);
        steps = List.copyOf(steps);
    }

    private static StepOutput plain(String content, boolean success, @Nullable String error, boolean stop) {
        return new StepOutput(
                "", "", StepKind.FUNCTION, null, null, content, List.of(), success, error, stop, List.of());
    }

    public static StepOutput of(String content) {
        return plain(content, true, null, false);
    }

    /** Ends the workflow: no further step starts, and this is its result. */
    public static StepOutput stopWith(String content) {
        return plain(content, true, null, true);
    }

    /** The step did not succeed. The workflow goes on; to end it, throw an exception instead. */
    public static StepOutput failed(String error) {
        return plain("", false, error, false);
    }

    /** The same with pictures. */
    public StepOutput images(List<Image> value) {
        return new StepOutput(
                stepName, stepId, kind, executor, runId, content, value, success, error, stop, steps);
    }
}
