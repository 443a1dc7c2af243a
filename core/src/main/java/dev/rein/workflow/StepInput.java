package dev.rein.workflow;

import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.run.Decision.Rejection;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.StepOutput;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input of a step. In a parallel branch it contains the results from before the branches and from its own branch.
 *
 * @param input the input of the workflow
 * @param previous the latest result of a successful step; null for none
 * @param outputs the results so far, by the names of the steps, in the order in which those came first
 * @param values the values that people have provided for this step; empty unless it asks for some
 * @param rejection the rejected output of the step, or of a composite that contains it, if people had it made again; null otherwise
 * @param history the earlier runs of the workflow in the session, oldest first; empty without {@link WorkflowBuilder#addHistory}
 * @param context the context of the run
 */
public record StepInput(
        RunInput input,
        @Nullable StepOutput previous,
        Map<String, StepOutput> outputs,
        Map<String, Object> values,
        @Nullable Rejection rejection,
        List<PastRun> history,
        RunContext context) {

    /** The text to work on: the content of {@link #previous()}, or the input of the workflow if there is none. */
    public String text() {
        return previous == null ? input.text() : previous.content();
    }

    /**
     * The images of the workflow's input, followed by those of the successful results so far, each once. Those of the previous step
     * alone are in {@link #previous()}.
     */
    public List<Image> images() {
        var all = new LinkedHashSet<>(input.images());
        outputs.values().stream().filter(StepOutput::success).forEach(output -> all.addAll(output.images()));
        return List.copyOf(all);
    }

    /** The files of the workflow's input. */
    public List<InputFile> files() {
        return input.files();
    }

    /**
     * Returns the result of a step; null if there is none so far. Steps of nested workflows are found too, after those of this
     * workflow, and the latest first.
     */
    public @Nullable StepOutput output(String stepName) {
        var output = outputs.get(stepName);
        return output != null ? output : nested(stepName, List.copyOf(outputs.values()));
    }

    private static @Nullable StepOutput nested(String stepName, List<StepOutput> results) {
        for (var result : results.reversed()) {
            for (var inner : result.steps().reversed()) {
                if (inner.stepName().equals(stepName)) {
                    return inner;
                }
            }
            var found = nested(stepName, result.steps());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Returns the content of the result of a step; null if there is none so far. Finds steps as {@link #output} does. */
    public @Nullable String content(String stepName) {
        var output = output(stepName);
        return output == null ? null : output.content();
    }

    /**
     * Reads the result of the previous step as a value; see {@link StepValues#read(StepOutput, Class)}.
     *
     * @throws IllegalArgumentException if there is no previous result, or its content is not JSON of the type
     */
    public <T> T value(Class<T> type) {
        if (previous == null) {
            throw new IllegalArgumentException("there is no previous result: this is the first step");
        }
        return StepValues.read(previous, type);
    }

    /**
     * Reads the result of a step as a value; see {@link StepValues#read(StepOutput, Class)}.
     *
     * @throws IllegalArgumentException if the step has no result so far, or its content is not JSON of the type
     */
    public <T> T value(String stepName, Class<T> type) {
        var output = output(stepName);
        if (output == null) {
            throw new IllegalArgumentException(
                    "step \"" + stepName + "\" has no result so far; these have: " + outputs.keySet());
        }
        return StepValues.read(output, type);
    }

    /**
     * The session state, shared by all steps. A parallel branch has a copy, which is merged when all branches have ended.
     */
    public Map<String, Object> sessionState() {
        return context.sessionState();
    }

    /** The metadata that the caller gave in {@link dev.rein.runtime.RunOptions#metadata}. */
    public Map<String, Object> additionalData() {
        return context.metadata();
    }

    /** The dependencies of the run; see {@link RunContext#dependencies()}. */
    public Map<String, Object> dependencies() {
        return context.dependencies();
    }

    /** Returns a dependency of the run; see {@link RunContext#dependency}. */
    public <T> T dependency(String name, Class<T> type) {
        return context.dependency(name, type);
    }

    /**
     * Emits the progress of the step, see {@link dev.rein.run.event.StepProgress}.
     *
     * @throws IllegalStateException outside the function of a step
     */
    public void progress(String content, Map<String, Object> data) {
        context.progress(content, data);
    }
}
