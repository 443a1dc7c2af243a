package dev.rein.internal.workflow;

import dev.rein.internal.run.Context;
import dev.rein.internal.run.Progress;
import dev.rein.internal.run.Resumed;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.SessionState;
import dev.rein.model.Image;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepContinued;
import dev.rein.session.StoredStep.Stage;
import dev.rein.session.StoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a step of a run has come, and those in it. What a stop leaves is read from here, and what another process goes on
 * with. One that another process has left begins where it was there. Thread-safe.
 */
final class StepNode implements Progress {
    private final Run run;
    private final @Nullable StepRef step;
    private final StepKind kind;
    private final @Nullable String executor;
    private final int lap;
    private final int place;

    /** What another process has left of the steps in it. */
    private final List<StoredStep> left;

    /** What another process has asked, and was not told here yet. */
    private @Nullable String leftRequirementId;

    /** The run that has executed it in another process, and did not go on here yet. */
    private @Nullable String leftRunId;

    private final List<StepNode> parts = new ArrayList<>(0);
    private Stage stage = Stage.ASKS;
    private @Nullable StepOutput output;
    private @Nullable Decision decision;
    private @Nullable List<String> choices;
    private @Nullable String requirementId;
    private @Nullable String runId;
    private Supplier<@Nullable Map<String, Object>> state = () -> null;

    private StepNode(
            Run run,
            @Nullable StepRef step,
            StepKind kind,
            @Nullable String executor,
            int lap,
            int place,
            List<StoredStep> left) {
        this.run = run;
        this.step = step;
        this.kind = kind;
        this.executor = executor;
        this.lap = lap;
        this.place = place;
        this.left = left;
    }

    /** The one that all steps of a run are in. */
    static StepNode top(Run run) {
        var resumed = run.plan().resumed();
        var left = resumed == null ? List.<StoredStep>of() : resumed.pause().steps();
        return new StepNode(run, null, StepKind.STEPS, null, 0, 0, left);
    }

    /**
     * A step in it that begins, or goes on.
     *
     * @param partLap see {@link StoredStep#lap}
     * @param partPlace see {@link StoredStep#place}
     * @param stateSeen the session's state as the step sees it
     */
    StepNode part(
            StepRef ref,
            StepKind partKind,
            @Nullable String partExecutor,
            int partLap,
            int partPlace,
            SessionState stateSeen) {
        var was = left(partLap, partPlace);
        var partsLeft = was == null ? List.<StoredStep>of() : was.parts();
        var part = new StepNode(run, ref, partKind, partExecutor, partLap, partPlace, partsLeft);
        if (was != null) {
            part.stage = was.stage();
            part.output = was.output();
            part.decision = was.decision();
            part.choices = was.choices();
            part.leftRequirementId = was.requirementId();
            part.leftRunId = was.runId();
        }
        if (kind == StepKind.PARALLEL) {
            part.state = stateSeen::snapshot;
        }
        run.guarded(() -> parts.add(part));
        return part;
    }

    // ---- how far it is

    /** What another process has left of a step in it; null for nothing. */
    @Nullable
    StoredStep left(int partLap, int partPlace) {
        for (var each : left) {
            if (each.lap() == partLap && each.place() == partPlace) {
                return each;
            }
        }
        return null;
    }

    /** The lap that another process has left it in; 0 for none. */
    int leftInLap() {
        return left.stream().mapToInt(StoredStep::lap).max().orElse(0);
    }

    boolean is(Stage value) {
        return run.locked(() -> stage == value);
    }

    /** Whether it begins only now: then this is shown. */
    boolean begins() {
        return run.locked(() -> {
            var begins = stage == Stage.ASKS;
            if (begins) {
                stage = Stage.BEGUN;
            }
            return begins;
        });
    }

    /**
     * Asks people, unless another process has, and waits for the answer.
     *
     * @param paused shows that they are asked
     */
    Decision ask(Context asking, Requirement question, Function<EventMeta, RunEvent> paused) {
        var decided = answer();
        if (decided == null) {
            run.emit(asking.scope(), 0, paused);
            asks(question.id());
            try {
                decided = run.ask(asking.scope(), List.of(question)).getFirst();
            } finally {
                asks(null);
            }
        }
        run.emit(asking.scope(), 0, meta -> new StepContinued(meta, Objects.requireNonNull(step)));
        return decided;
    }

    private void asks(@Nullable String id) {
        run.guarded(() -> requirementId = id);
    }

    /** What people have decided about what another process has asked; null when nothing is left to be told. */
    private @Nullable Decision answer() {
        return run.<@Nullable Decision>locked(() -> {
            var resumed = run.plan().resumed();
            var asked = leftRequirementId;
            leftRequirementId = null;
            return resumed == null || asked == null ? null : resumed.decision(asked);
        });
    }

    /** The run that goes on with what has executed it in another process; null when nothing is left of that. */
    @Nullable
    Resumed leftRun() {
        return run.<@Nullable Resumed>locked(() -> {
            var resumed = run.plan().resumed();
            var id = leftRunId;
            leftRunId = null;
            return resumed == null || id == null ? null : resumed.below(id);
        });
    }

    /** A run executes it; or none any longer: null. */
    void executedBy(@Nullable String id) {
        run.guarded(() -> runId = id);
    }

    /** What people have decided before it began. */
    @Nullable
    Decision decision() {
        return decision;
    }

    void decided(Decision value) {
        run.guarded(() -> decision = value);
    }

    /** The names that a router has chosen; null when it has not. */
    @Nullable
    List<String> choices() {
        return choices;
    }

    void chose(List<String> names) {
        run.guarded(() -> choices = names);
    }

    /** What there is of it while it is not over. */
    void soFar(StepOutput result) {
        run.guarded(() -> output = result);
    }

    /** It has failed, and people are asked what now. */
    void failed(StepOutput result) {
        run.guarded(() -> {
            stage = Stage.FAILED;
            output = result;
        });
    }

    /** It is tried again after that. */
    void beginsAgain() {
        run.guarded(() -> {
            stage = Stage.BEGUN;
            output = null;
        });
    }

    void end(StepOutput result) {
        run.guarded(() -> {
            stage = Stage.OVER;
            output = result;
            if (result.success()) {
                run.said(result.content());
            }
        });
    }

    /** What it has come to; null until then. */
    @Nullable
    StepOutput output() {
        return output;
    }

    // ---- what it is

    @Nullable
    String id() {
        return step == null ? null : step.stepId();
    }

    List<Integer> index() {
        return step == null ? List.of() : step.index();
    }

    /** The results of what is in it, in the order of their start; for what was not done one that says so. */
    @Override
    public List<StepOutput> results() {
        return run.locked(() -> parts.stream().map(StepNode::result).toList());
    }

    private StepOutput result() {
        return output != null ? output : filled("", false, "It was not finished.", null, false, List.of());
    }

    @Override
    public List<StoredStep> stored() {
        return parts.stream().map(StepNode::asStored).toList();
    }

    @Override
    public List<String> waitsFor() {
        var all = new ArrayList<String>();
        if (runId != null) {
            all.add(runId);
        }
        parts.forEach(part -> all.addAll(part.waitsFor()));
        return all;
    }

    private StoredStep asStored() {
        var own = step;
        return new StoredStep(
                own == null ? "" : own.stepName(),
                own == null ? "" : own.stepId(),
                kind,
                lap,
                place,
                stage,
                output,
                decision,
                requirementId,
                runId,
                choices,
                state.get(),
                stage == Stage.OVER ? List.of() : stored());
    }

    /** A result of this step. */
    StepOutput filled(
            String content,
            boolean success,
            @Nullable String error,
            @Nullable String executedBy,
            boolean stop,
            List<Image> images) {
        var own = step;
        return new StepOutput(
                own == null ? "" : own.stepName(),
                own == null ? "" : own.stepId(),
                kind,
                executor,
                executedBy,
                content,
                images,
                success,
                error,
                stop,
                results());
    }
}
