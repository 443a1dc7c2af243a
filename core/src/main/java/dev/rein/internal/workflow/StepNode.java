package dev.rein.internal.workflow;

import dev.rein.internal.run.Run;
import dev.rein.model.Image;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a step of a run has come, and those in it. What a stop leaves is read from here. Thread-safe. */
final class StepNode {
    private final Run run;
    private final @Nullable StepRef step;
    private final StepKind kind;
    private final @Nullable String executor;
    private final List<StepNode> parts = new ArrayList<>(0);
    private @Nullable StepOutput output;

    StepNode(Run run, @Nullable StepRef step, StepKind kind, @Nullable String executor) {
        this.run = run;
        this.step = step;
        this.kind = kind;
        this.executor = executor;
    }

    void add(StepNode part) {
        run.guarded(() -> parts.add(part));
    }

    void end(StepOutput result) {
        run.guarded(() -> {
            output = result;
            if (result.success()) {
                run.said(result.content());
            }
        });
    }

    @Nullable
    String id() {
        return step == null ? null : step.stepId();
    }

    List<Integer> index() {
        return step == null ? List.of() : step.index();
    }

    /** The results of what is in it, in the order of their start; for what was not done one that says so. */
    List<StepOutput> results() {
        return run.locked(() -> parts.stream().map(StepNode::result).toList());
    }

    private StepOutput result() {
        return output != null ? output : filled("", false, "It was not finished.", null, false, List.of());
    }

    /** A result of this step. */
    StepOutput filled(
            String content,
            boolean success,
            @Nullable String error,
            @Nullable String runId,
            boolean stop,
            List<Image> images) {
        var own = step;
        return new StepOutput(
                own == null ? "" : own.stepName(),
                own == null ? "" : own.stepId(),
                kind,
                executor,
                runId,
                content,
                images,
                success,
                error,
                stop,
                results());
    }
}
