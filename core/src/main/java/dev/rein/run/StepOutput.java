package dev.rein.run;

import dev.rein.model.Image;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of a step of a workflow. A function returns one from {@link #of}, {@link #stopWith} or {@link #failed}; the
 * workflow adds the step. Immutable.
 *
 * @param stepName the name of the step; empty until added by the workflow
 * @param stepId the id of the step; empty until added by the workflow
 * @param kind the kind of the step
 * @param executor the id of the agent, team or workflow that executed the step; null for others
 * @param runId the id of the executor's run; null for none
 * @param content the result, which is the input of the next step; partial if the step did not succeed
 * @param images the images of the result
 * @param success whether the step succeeded
 * @param error the error message; null on success
 * @param stop whether the workflow ends here as COMPLETED, with this content
 * @param steps the outputs of the nested steps, in their order
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
        Objects.requireNonNull(content, "the content of a step's output is null: pass a text, or \"\" for none");
        images = List.copyOf(images);
        steps = List.copyOf(steps);
    }

    private static StepOutput plain(String content, boolean success, @Nullable String error, boolean stop) {
        return new StepOutput(
                "", "", StepKind.FUNCTION, null, null, content, List.of(), success, error, stop, List.of());
    }

    /** Returns the output of a successful step. */
    public static StepOutput of(String content) {
        return plain(content, true, null, false);
    }

    /** Returns an output that ends the workflow: no further step starts, and this is the result. */
    public static StepOutput stopWith(String content) {
        return plain(content, true, null, true);
    }

    /** Returns the output of a step that did not succeed. The workflow continues; throw an exception to make it fail. */
    public static StepOutput failed(String error) {
        return plain("", false, error, false);
    }

    /** Returns a copy with another content. */
    public StepOutput content(String value) {
        return new StepOutput(stepName, stepId, kind, executor, runId, value, images, success, error, stop, steps);
    }

    /** Returns a copy with the given images. */
    public StepOutput images(List<Image> value) {
        return new StepOutput(stepName, stepId, kind, executor, runId, content, value, success, error, stop, steps);
    }
}
