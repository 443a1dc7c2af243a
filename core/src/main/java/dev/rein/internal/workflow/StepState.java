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
 * How far a step of a run has come, and those in it. What a stop leaves is read from here, and what another process goes on
 * with. One that another process has left begins where it was there. Thread-safe.
 */
final class StepState implements Progress {
    private final Run run;

    /** Null of the one that all are in. */
    private final @Nullable StepRef step;

    private final StepKind kind;
    private final int lap;
    private final int place;
    private final List<StepState> parts = new ArrayList<>(0);
    private @Nullable String executor;
    private Stage stage = Stage.ASKS;
    private @Nullable StepOutput output;
    private @Nullable Decision decision;
    private @Nullable List<String> choices;
    private @Nullable String requirementId;
    private @Nullable String runId;
    private Supplier<@Nullable Map<String, Object>> state = () -> null;

    /** Whether another process has left it. */
    private boolean left;

    /** Those of its parts that another process has left; read without the lock. */
    private List<StepState> leftParts = List.of();

    private int leftInLap;

    private StepState(Run run, @Nullable StepRef step, StepKind kind, int lap, int place) {
        this.run = run;
        this.step = step;
        this.kind = kind;
        this.lap = lap;
        this.place = place;
    }

    /** The one that all steps of a run are in. */
    static StepState top(Run run) {
        var top = new StepState(run, null, StepKind.STEPS, 0, 0);
        var resumed = run.plan().resumed();
        if (resumed != null) {
            top.addLeft(resumed.pause().steps());
        }
        return top;
    }

    private void addLeft(List<StoredStep> stored) {
        for (var was : stored) {
            var part =
                    new StepState(run, ref(was.stepId(), was.name(), was.place()), was.kind(), was.lap(), was.place());
            part.left = true;
            part.stage = was.stage();
            part.output = was.output();
            part.decision = was.decision();
            part.choices = was.choices();
            part.requirementId = was.requirementId();
            part.runId = was.runId();
            part.state = was::state;
            part.addLeft(was.parts());
            parts.add(part);
            leftInLap = Math.max(leftInLap, was.lap());
        }
        leftParts = List.copyOf(parts);
    }

    private StepRef ref(String stepId, String name, int partPlace) {
        var index = new ArrayList<Integer>();
        String id = null;
        if (step != null) {
            index.addAll(step.index());
            id = step.stepId();
        }
        index.add(partPlace);
        return new StepRef(run.plan().component().id(), run.id(), stepId, name, index, id);
    }

    /**
     * A step in it that begins, or goes on.
     *
     * @param partExecutor the id of what executes it; null for none
     * @param partLap see {@link StoredStep#lap}
     * @param partPlace see {@link StoredStep#place}
     * @param seen the session's state as the step sees it
     */
    StepState part(WorkflowStep what, @Nullable String partExecutor, int partLap, int partPlace, SessionState seen) {
        return run.locked(() -> {
            var part = left(partLap, partPlace);
            if (part == null) {
                var ref = ref(what.id(), what.name(), partPlace);
                part = new StepState(run, ref, WorkflowExecutor.kind(what), partLap, partPlace);
                parts.add(part);
            }
            part.executor = partExecutor;
            part.state = kind == StepKind.PARALLEL ? seen::snapshot : () -> null;
            return part;
        });
    }

    private @Nullable StepState left(int partLap, int partPlace) {
        for (var part : leftParts) {
            if (part.lap == partLap && part.place == partPlace) {
                return part;
            }
        }
        return null;
    }

    // ---- how far it is

    /** The session's state as another process has left it to a branch; null for none. */
    @Nullable
    Map<String, Object> leftState(int branch) {
        var part = left(0, branch);
        return part == null ? null : part.state.get();
    }

    /** The lap that another process has left it in; 0 for none. */
    int leftInLap() {
        return leftInLap;
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
            var asked = left ? requirementId : null;
            requirementId = null;
            return resumed == null || asked == null ? null : resumed.decision(asked);
        });
    }

    /** The run that goes on with what has executed it in another process; null when nothing is left of that. */
    @Nullable
    ResumedRun leftRun() {
        return run.<@Nullable ResumedRun>locked(() -> {
            var resumed = run.plan().resumed();
            var id = left ? runId : null;
            runId = null;
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

    StepRef ref() {
        return Objects.requireNonNull(step);
    }

    /** The results of what is in it, in the order of their start; for what was not done one that says so. */
    @Override
    public List<StepOutput> results() {
        return run.locked(() -> parts.stream().map(StepState::result).toList());
    }

    private StepOutput result() {
        return output != null ? output : filled("", false, "It was not finished.", null, false, List.of());
    }

    @Override
    public List<StoredStep> stored() {
        return parts.stream().map(StepState::asStored).toList();
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
