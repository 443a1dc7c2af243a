package dev.rein.internal.workflow;

import dev.rein.internal.delivery.Progress;
import dev.rein.internal.delivery.SessionState;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.model.Image;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepContinued;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredStep.Stage;
import dev.rein.workflow.WorkflowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The execution state of a step and its substeps: the source of cancelled results and of checkpoints for a resume. The state of a
 * resumed run starts from its stored checkpoints. Thread-safe.
 */
final class StepState implements Progress {
    private final Run run;

    /** Null for the root. */
    private final @Nullable StepRef step;

    private final StepKind kind;
    private final int lap;
    private final int place;
    private final List<StepState> substeps = new ArrayList<>(0);
    private @Nullable String executor;
    private Stage stage = Stage.AWAITING_DECISION;
    private @Nullable StepOutput output;
    private @Nullable Decision decision;
    private Decision.@Nullable Rejection rejection;
    private @Nullable List<String> choices;
    private @Nullable String requirementId;
    private @Nullable String runId;
    private Supplier<@Nullable Map<String, Object>> state = () -> null;

    /** Whether this state was restored from a checkpoint. */
    private boolean restored;

    /** The substeps restored from checkpoints; read without the lock. */
    private List<StepState> restoredSubsteps = List.of();

    private int restoredLap;

    private StepState(Run run, @Nullable StepRef step, StepKind kind, int lap, int place) {
        this.run = run;
        this.step = step;
        this.kind = kind;
        this.lap = lap;
        this.place = place;
    }

    /** The root state of a run, which contains those of the workflow's steps. */
    static StepState root(Run run) {
        var root = new StepState(run, null, StepKind.STEPS, 0, 0);
        var resumed = run.plan().resumed();
        if (resumed != null) {
            root.restore(resumed.pause().steps());
        }
        return root;
    }

    private void restore(List<StoredStep> checkpoints) {
        for (var stored : checkpoints) {
            var substep = new StepState(
                    run,
                    ref(stored.stepId(), stored.name(), stored.place()),
                    stored.kind(),
                    stored.lap(),
                    stored.place());
            substep.restored = true;
            substep.stage = stored.stage();
            substep.output = stored.output();
            substep.decision = stored.decision();
            substep.rejection = stored.rejection();
            substep.choices = stored.choices();
            substep.requirementId = stored.requirementId();
            substep.runId = stored.runId();
            substep.state = stored::state;
            substep.restore(stored.parts());
            substeps.add(substep);
            restoredLap = Math.max(restoredLap, stored.lap());
        }
        restoredSubsteps = List.copyOf(substeps);
    }

    private StepRef ref(String stepId, String name, int substepPlace) {
        var index = new ArrayList<Integer>();
        String id = null;
        if (step != null) {
            index.addAll(step.index());
            id = step.stepId();
        }
        index.add(substepPlace);
        return new StepRef(run.plan().component().id(), run.id(), stepId, name, index, id);
    }

    /**
     * The state of a substep that starts or is resumed.
     *
     * @param substepExecutor the id of the component that executes it; null if none does
     * @param substepLap see {@link StoredStep#lap}
     * @param substepPlace see {@link StoredStep#place}
     * @param visible the session state visible to the substep
     */
    StepState substep(
            WorkflowStep definition,
            @Nullable String substepExecutor,
            int substepLap,
            int substepPlace,
            SessionState visible) {
        return run.locked(() -> {
            var substep = restored(substepLap, substepPlace);
            if (substep == null) {
                var ref = ref(definition.id(), definition.name(), substepPlace);
                substep = new StepState(run, ref, WorkflowExecutor.kind(definition), substepLap, substepPlace);
                substeps.add(substep);
            }
            substep.executor = substepExecutor;
            substep.state = kind == StepKind.PARALLEL ? visible::snapshot : () -> null;
            return substep;
        });
    }

    private @Nullable StepState restored(int substepLap, int substepPlace) {
        for (var substep : restoredSubsteps) {
            if (substep.lap == substepLap && substep.place == substepPlace) {
                return substep;
            }
        }
        return null;
    }

    // ---- progress

    /** The stored session state of a branch; null if it was not restored. */
    @Nullable
    Map<String, Object> restoredState(int branch) {
        var substep = restored(0, branch);
        return substep == null ? null : substep.state.get();
    }

    /** The lap that was restored; 0 if none was. */
    int restoredLap() {
        return restoredLap;
    }

    boolean is(Stage value) {
        return run.locked(() -> stage == value);
    }

    /**
     * Marks the step as started.
     *
     * @return false if it had started before
     */
    boolean start() {
        return run.locked(() -> {
            var starts = stage == Stage.AWAITING_DECISION;
            if (starts) {
                stage = Stage.STARTED;
            }
            return starts;
        });
    }

    /**
     * Asks people and waits for the decision. Does not ask again if the run was resumed with the decision.
     *
     * @param paused creates the event that announces the question
     */
    Decision ask(Context context, Requirement question, Function<EventMeta, RunEvent> paused) {
        var decided = restoredDecision();
        if (decided == null) {
            run.emit(context.scope(), 0, paused);
            setRequirementId(question.id());
            try {
                decided = run.ask(context.scope(), List.of(question)).getFirst();
            } finally {
                setRequirementId(null);
            }
        }
        run.emit(context.scope(), 0, meta -> new StepContinued(meta, Objects.requireNonNull(step)));
        return decided;
    }

    private void setRequirementId(@Nullable String id) {
        run.guarded(() -> requirementId = id);
    }

    /** Returns, once, the decision on a restored requirement; null if there is none. */
    private @Nullable Decision restoredDecision() {
        return run.<@Nullable Decision>locked(() -> {
            var resumed = run.plan().resumed();
            var id = restored ? requirementId : null;
            requirementId = null;
            return resumed == null || id == null ? null : resumed.decision(id);
        });
    }

    /** Returns, once, the paused run that executed this step; null if there is none. */
    @Nullable
    ResumedRun restoredRun() {
        return run.<@Nullable ResumedRun>locked(() -> {
            var resumed = run.plan().resumed();
            var id = restored ? runId : null;
            runId = null;
            return resumed == null || id == null ? null : resumed.child(id);
        });
    }

    /** Sets the run that executes this step; null for none. */
    void setRunId(@Nullable String id) {
        run.guarded(() -> runId = id);
    }

    /** The decision made before the step started; null if there is none. */
    @Nullable
    Decision decision() {
        return decision;
    }

    void setDecision(Decision value) {
        run.guarded(() -> decision = value);
    }

    /** The choices of a router; null before it has chosen. */
    @Nullable
    List<String> choices() {
        return choices;
    }

    void setChoices(List<String> names) {
        run.guarded(() -> choices = names);
    }

    /** Sets the partial output of an unfinished step. */
    void setPartialOutput(StepOutput result) {
        run.guarded(() -> output = result);
    }

    /** Marks the step as failed while people decide how to continue. */
    void setFailed(StepOutput result) {
        run.guarded(() -> {
            stage = Stage.FAILED;
            output = result;
        });
    }

    /** Marks the step as waiting for the review of its output. */
    void setInReview(StepOutput result) {
        run.guarded(() -> {
            stage = Stage.IN_REVIEW;
            output = result;
            run.childRuns().updateLastText(result.content());
        });
    }

    /** The rejected output that the step makes again; null for none. */
    Decision.@Nullable Rejection rejection() {
        return rejection;
    }

    /** Discards the output and the substeps: the step is executed from its start, without the question before it. */
    void executeAgain(Decision.Rejection rejected) {
        run.guarded(() -> {
            stage = Stage.AWAITING_DECISION;
            output = null;
            choices = null;
            rejection = rejected;
            substeps.clear();
            restoredSubsteps = List.of();
            restoredLap = 0;
        });
    }

    /** Marks a failed step as started again. */
    void restart() {
        run.guarded(() -> {
            stage = Stage.STARTED;
            output = null;
        });
    }

    void end(StepOutput result) {
        run.guarded(() -> {
            stage = Stage.ENDED;
            output = result;
            if (result.success()) {
                run.childRuns().updateLastText(result.content());
            }
        });
    }

    /** The output; null if there is none yet. */
    @Nullable
    StepOutput output() {
        return output;
    }

    // ---- results

    StepRef ref() {
        return Objects.requireNonNull(step);
    }

    /** The results of the substeps in the order of their start; unfinished substeps are marked as such. */
    @Override
    public List<StepOutput> results() {
        return run.locked(() -> substeps.stream().map(StepState::result).toList());
    }

    private StepOutput result() {
        return output != null ? output : result("", false, "It was not finished.", null, false, List.of());
    }

    @Override
    public List<StoredStep> stored() {
        return substeps.stream().map(StepState::asStored).toList();
    }

    @Override
    public List<String> pausedChildren() {
        var all = new ArrayList<String>();
        if (runId != null) {
            all.add(runId);
        }
        substeps.forEach(substep -> all.addAll(substep.pausedChildren()));
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
                rejection,
                stage == Stage.ENDED || stage == Stage.IN_REVIEW ? List.of() : stored());
    }

    /** Creates a result of this step. */
    StepOutput result(
            String content,
            boolean success,
            @Nullable String error,
            @Nullable String executedBy,
            boolean stop,
            List<Image> images) {
        return result(content, success, error, executedBy, stop, images, results());
    }

    /** The same with the outputs of the steps of a nested workflow. */
    StepOutput result(
            String content,
            boolean success,
            @Nullable String error,
            @Nullable String executedBy,
            boolean stop,
            List<Image> images,
            List<StepOutput> steps) {
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
                steps);
    }
}
