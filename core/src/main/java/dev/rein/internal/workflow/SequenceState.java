package dev.rein.internal.workflow;

import dev.rein.internal.run.Context;
import dev.rein.model.Image;
import dev.rein.run.Decision;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.workflow.PastRun;
import dev.rein.workflow.StepInput;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outputs so far of a sequence of steps: the workflow's or a parallel branch's. Confined to one thread. */
final class SequenceState {
    private final Context context;
    private final RunInput input;
    private final List<PastRun> history;
    private final Map<String, StepOutput> outputs;
    private @Nullable StepOutput previous;
    private Decision.@Nullable Rejection rejection;

    private SequenceState(
            Context context,
            RunInput input,
            List<PastRun> history,
            Map<String, StepOutput> outputs,
            @Nullable StepOutput previous,
            Decision.@Nullable Rejection rejection) {
        this.context = context;
        this.input = input;
        this.history = history;
        this.outputs = outputs;
        this.previous = previous;
        this.rejection = rejection;
    }

    static SequenceState start(Context context, RunInput input, List<PastRun> history) {
        return new SequenceState(context, input, history, new LinkedHashMap<>(), null, null);
    }

    /** A copy for a parallel branch, or for the branch's thread. */
    SequenceState branch(Context branch) {
        return new SequenceState(branch, input, history, new LinkedHashMap<>(outputs), previous, rejection);
    }

    Context context() {
        return context;
    }

    StepInput input(RunContext at, Map<String, Object> values) {
        return new StepInput(
                input,
                previous,
                Collections.unmodifiableMap(new LinkedHashMap<>(outputs)),
                values,
                rejection,
                history,
                at);
    }

    @Nullable
    StepOutput previous() {
        return previous;
    }

    /** Sets the input of the next step. */
    void setPrevious(@Nullable StepOutput value) {
        previous = value;
    }

    /** The rejected output that the present step makes again; null for none. */
    Decision.@Nullable Rejection rejection() {
        return rejection;
    }

    void setRejection(Decision.@Nullable Rejection value) {
        rejection = value;
    }

    /** Discards the outputs since a copy of this sequence was made. */
    void reset(SequenceState copy) {
        outputs.clear();
        outputs.putAll(copy.outputs);
        previous = copy.previous;
    }

    /** Adds the output of a step. */
    void add(StepOutput output) {
        outputs.put(output.stepName(), output);
        if (output.success()) {
            previous = output;
        }
    }

    /** Adds the output of a step that had ended before the run was resumed, and those of its substeps. */
    void addRestored(StepOutput output) {
        addRestoredSubsteps(output);
        add(output);
    }

    /** Adds the outputs of the substeps of a restored step. Those of a nested workflow are not part of this sequence. */
    void addRestoredSubsteps(StepOutput output) {
        if (output.kind() != StepKind.WORKFLOW) {
            output.steps().forEach(this::addRestored);
        }
    }

    /** Adds the outputs of a branch. */
    void join(SequenceState branch) {
        outputs.putAll(branch.outputs);
    }

    /** The images of the successful ones among some results, each once. */
    static List<Image> images(List<StepOutput> results) {
        return results.stream()
                .filter(StepOutput::success)
                .flatMap(each -> each.images().stream())
                .distinct()
                .toList();
    }

    /** The content of the last successful result; that of the previous step, or the input, if there is none. */
    String content(List<StepOutput> results) {
        for (var output : results.reversed()) {
            if (output.success()) {
                return output.content();
            }
        }
        return previous == null ? input.text() : previous.content();
    }
}
