package dev.rein.workflow;

import dev.rein.model.Image;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step is given. In a parallel branch it sees what had finished before the branches began, and its own branch.
 *
 * @param input what the workflow was given
 * @param previous the latest result of a step that succeeded; null before the first
 * @param outputs the results so far, by the names of their steps
 * @param values what people have given to this step; empty unless it asks
 * @param context the run
 */
public record StepInput(
        RunInput input,
        @Nullable StepOutput previous,
        Map<String, StepOutput> outputs,
        Map<String, Object> values,
        RunContext context) {

    /** What to work on: the content of {@link #previous()}, or the workflow's input when there is none. */
    public String text() {
        return previous == null ? input.text() : previous.content();
    }

    /** The pictures that go with {@link #text()}. */
    public List<Image> images() {
        return previous == null ? input.images() : previous.images();
    }

    /** The result of a step; null if it has none so far. */
    public @Nullable StepOutput output(String stepName) {
        return outputs.get(stepName);
    }

    /** The content of a step's result; null if it has none so far. */
    public @Nullable String content(String stepName) {
        var output = outputs.get(stepName);
        return output == null ? null : output.content();
    }

    /** The session's state, shared by all steps. A parallel branch has a copy, merged when all have ended. */
    public Map<String, Object> sessionState() {
        return context.sessionState();
    }

    /** What the caller gave with {@link dev.rein.runtime.RunOptions#metadata}. */
    public Map<String, Object> additionalData() {
        return context.metadata();
    }

    /** Tells those who watch how far the step is; refused outside a function of a step. */
    public void progress(String content, Map<String, Object> data) {
        context.progress(content, data);
    }
}
