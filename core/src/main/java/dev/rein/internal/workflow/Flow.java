package dev.rein.internal.workflow;

import dev.rein.internal.run.Context;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.StepOutput;
import dev.rein.workflow.StepInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one line of steps has come to so far: the workflow's, or that of a branch. Of one thread. */
final class Flow {
    private final Context context;
    private final RunInput input;
    private final Map<String, StepOutput> outputs;
    private @Nullable StepOutput previous;

    private Flow(Context context, RunInput input, Map<String, StepOutput> outputs, @Nullable StepOutput previous) {
        this.context = context;
        this.input = input;
        this.outputs = outputs;
        this.previous = previous;
    }

    static Flow begin(Context context, RunInput input) {
        return new Flow(context, input, new LinkedHashMap<>(), null);
    }

    /** A copy, for a branch or its own thread. */
    Flow branch(Context branch) {
        return new Flow(branch, input, new LinkedHashMap<>(outputs), previous);
    }

    Context context() {
        return context;
    }

    StepInput input(RunContext at, Map<String, Object> values) {
        return new StepInput(input, previous, Map.copyOf(outputs), values, at);
    }

    @Nullable
    StepOutput previous() {
        return previous;
    }

    /** Goes on from there again. */
    void previous(@Nullable StepOutput value) {
        previous = value;
    }

    /** A step is over. */
    void over(StepOutput output) {
        outputs.put(output.stepName(), output);
        if (output.success()) {
            previous = output;
        }
    }

    /** A step is over since before this process had the run, and so are those in it. */
    void overSince(StepOutput output) {
        output.steps().forEach(this::overSince);
        over(output);
    }

    /** Takes over what a branch has come to. */
    void join(Flow branch) {
        outputs.putAll(branch.outputs);
    }

    /** The content of the last of some results that succeeded; what came before when there is none. */
    String content(List<StepOutput> results) {
        for (var output : results.reversed()) {
            if (output.success()) {
                return output.content();
            }
        }
        return previous == null ? input.text() : previous.content();
    }
}
