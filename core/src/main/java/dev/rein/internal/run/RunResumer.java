package dev.rein.internal.run;

import dev.rein.internal.pause.ResumedRun;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.TypeRef;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resumes paused runs: those of this process, and those that another process has released in a shared store. */
final class RunResumer {
    private static final Logger log = LoggerFactory.getLogger(RunResumer.class);

    private final Kernel kernel;

    RunResumer(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Applies decisions to a run and its descendants.
     *
     * @param type the type that the caller expects an answer of; null to expect none
     * @param again how to run the component of a run that this process does not have
     * @throws RunRejectedException if the run does not answer with the type
     */
    Run decide(String runId, @Nullable TypeRef<?> type, List<Decision> decisions, RunPlan.Again again) {
        var run = kernel.live(runId);
        requireType(run, type);
        if (run == null) {
            run = resumedFirst(runId, decisions, again);
            if (run != null) {
                run.launch();
                return run;
            }
            run = live(runId);
        }
        decide(run, decisions);
        return run;
    }

    /** The same, with a stream of what follows. */
    Kernel.OwnedStream decideAndStream(
            String runId, @Nullable TypeRef<?> type, List<Decision> decisions, RunPlan.Again again) {
        var run = kernel.live(runId);
        requireType(run, type);
        if (run == null) {
            var resumed = resumedFirst(runId, decisions, again);
            if (resumed != null) {
                var stream = resumed.ownerStream();
                resumed.launch();
                return new Kernel.OwnedStream(resumed, stream);
            }
            run = live(runId);
        }
        var stream = run.nextOwnerStream();
        try {
            decide(run, decisions);
        } catch (RuntimeException e) {
            stream.detach();
            throw e;
        }
        return new Kernel.OwnedStream(run, stream);
    }

    private static void requireType(@Nullable Run run, @Nullable TypeRef<?> type) {
        if (run != null && type != null && !type.equals(run.plan().answerType())) {
            var own = run.plan().answerType();
            throw notAsked(answersWith(run.id(), own == null ? null : own.toString()));
        }
    }

    private void decide(Run run, List<Decision> decisions) {
        claimed(run, () -> run.decide(decisions));
    }

    /** Has questions of a run time out. While its row can't be claimed they stay open, and the run tries again. */
    void expire(Run run, List<Requirement> questions) {
        try {
            claimed(run, () -> run.scope().guarded(() -> run.pausing().pauses().expire(questions)));
        } catch (RunRejectedException e) {
            log.debug("questions of run {} have not timed out yet: {}", run.id(), e.getMessage());
        }
    }

    /** Applies a decision while no other process can adopt the run. */
    private void claimed(Run run, Runnable decision) {
        var top = kernel.live(run.origin().rootRunId());
        var row = top == null ? null : top.record();
        if (row == null) {
            decision.run();
            return;
        }
        row.claim();
        try {
            decision.run();
        } finally {
            row.unclaim();
        }
    }

    /** The same; null when another call of this process was faster, and has the run here now. */
    private @Nullable Run resumedFirst(String runId, List<Decision> decisions, RunPlan.Again again) {
        try {
            return resumed(runId, decisions, again);
        } catch (RunRejectedException e) {
            if (kernel.live(runId) != null) {
                return null;
            }
            var row = found(runId);
            throw row != null && row.status().isTerminal() ? notAsked(acceptsNoDecision(runId, row.status())) : e;
        }
    }

    private Run live(String runId) {
        var run = kernel.live(runId);
        if (run == null) {
            throw notAsked("run " + runId + " has continued and accepts no further decisions");
        }
        return run;
    }

    private Run resumed(String runId, List<Decision> decisions, RunPlan.Again again) {
        var row = pausedRow(runId);
        var plan = again.plan(row);
        if (plan.kind().component() != row.source() || !plan.component().id().equals(row.componentId())) {
            throw notAsked("run " + runId + " is one of " + row.componentId() + ", and this is "
                    + plan.component().id() + ": continue it with the component that it is a run of");
        }
        return kernel.prepare(resuming(plan, ResumedRun.of(row, decisions, this::found)), false);
    }

    /** @throws RunRejectedException if the component is not built as it was where the run paused */
    static RunPlan resuming(RunPlan plan, ResumedRun left) {
        var row = left.row();
        var type = plan.answerType() == null ? null : plan.answerType().toString();
        if (!Objects.equals(type, left.pause().answerType())) {
            throw notAsked(answersWith(row.runId(), left.pause().answerType()));
        }
        requireDependencies(plan, left);
        var incompatibility = plan.compatibility().check(left);
        if (incompatibility != null) {
            throw notAsked("run " + row.runId() + " can't be resumed with " + row.componentId()
                    + " as it is built here, because " + incompatibility
                    + ": resume it as it was started there, or cancel the run");
        }
        return plan.resuming(left);
    }

    private static void requireDependencies(RunPlan plan, ResumedRun left) {
        var stored = left.pause().options();
        if (stored == null) {
            return;
        }
        var given = plan.options().dependencies();
        var missing = stored.dependencies().stream()
                .filter(name -> !given.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw notAsked("run " + left.row().runId() + " was started with the dependencies " + missing
                    + ", which are not stored: give them in the options of the resume");
        }
    }

    /** @throws RunRejectedException if there is no such run that waits, or it can't be resumed here */
    private StoredRun pausedRow(String runId) {
        var row = found(runId);
        if (row == null) {
            var ended = kernel.endedStatus(runId);
            if (ended != null) {
                throw notAsked(acceptsNoDecision(runId, ended));
            }
            throw notAsked("no run with id \"" + runId + "\" is live in this process, or in a store that it uses");
        }
        var pause = row.pause();
        if (row.status().isTerminal()) {
            throw notAsked(acceptsNoDecision(runId, row.status()));
        }
        if (row.status() != RunStatus.PAUSED || pause == null) {
            throw notAsked("run " + runId + " is " + row.status() + " in another process and waits for no decision");
        }
        if (pause.obstacle() != null) {
            throw notAsked("run " + runId + " is paused in another process and can't be resumed in this one, because "
                    + pause.obstacle() + ": continue it there, or cancel it");
        }
        return row;
    }

    private @Nullable StoredRun found(String runId) {
        try {
            return kernel.stores().find(runId).orElse(null);
        } catch (IllegalStateException e) {
            throw new RunRejectedException(
                    Reason.STORE_UNAVAILABLE, "run " + runId + " could not be looked for: " + PlainText.message(e), e);
        }
    }

    private static String answersWith(String runId, @Nullable String type) {
        if (type != null && type.startsWith("{")) {
            return "run " + runId + " answers with JSON of a schema: continue it with that schema, or without a type";
        }
        return type == null
                ? "run " + runId + " answers with text: continue it without a type"
                : "run " + runId + " answers with a " + type + ": continue it with continueRun(runId, "
                        + (type.contains("<") ? "new TypeRef<" + type + ">() {}" : type + ".class") + ", ..)";
    }

    private static String acceptsNoDecision(String runId, RunStatus status) {
        return "run " + runId + " is " + status + " and accepts no further decisions";
    }

    private static RunRejectedException notAsked(String why) {
        return new RunRejectedException(Reason.NOT_ASKED, why);
    }
}
