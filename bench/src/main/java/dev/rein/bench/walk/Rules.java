package dev.rein.bench.walk;

import dev.rein.bench.walk.Journal.Code;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.run.CancelResult;
import dev.rein.run.LiveRun;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.testkit.MessageRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges what a case has come to by the kernel's rules. */
final class Rules {
    private final Outcome outcome;
    private final RunOutput output;
    private final Journal journal;

    private Rules(Outcome outcome) {
        this.outcome = outcome;
        this.output = outcome.output();
        this.journal = outcome.run().journal();
    }

    /** @throws Breach if a rule was broken */
    static void check(Outcome outcome) {
        new Rules(outcome).check();
    }

    private void check() {
        outputs(output);
        if (outcome.watched()) {
            new EventRules(outcome).check();
        }
        stops();
        gatedTools();
        cleanups();
        nothingIsLeft();
        if (outcome.run().store() != null) {
            new StoreRules(outcome).check();
        }
    }

    /** @param rule what is broken; made only when it is */
    static void require(boolean holds, Supplier<String> rule) {
        if (!holds) {
            throw new Breach(rule.get());
        }
    }

    static void same(@Nullable Object expected, @Nullable Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new Breach(what + ": " + expected + " and " + actual);
        }
    }

    /** The output of a run, and of those below it. */
    private void outputs(RunOutput of) {
        var who = " of " + of.componentId();
        require(of.status().isTerminal(), () -> "rule 4: the status" + who + " is " + of.status());
        if (of.isCancelled()) {
            require(of.cause() != null, () -> "rule 13: no cause" + who);
            require(of.effectiveMode() != null, () -> "rule 13: no mode" + who);
            require(of.stopTook() != null, () -> "rule 13: no stopTook" + who);
        }
        if (of.cause() != null && of.effectiveMode() == CancelMode.NOW) {
            require(of.isCancelled(), () -> "rule 4: stopped NOW" + who + ", and " + of.status());
        }
        same(of.isError(), of.failure() != null, "a failure" + who + " that is " + of.status());
        canGoOn(of.messages(), who);
        for (var below : of.memberResponses()) {
            same(of.runId(), below.parentRunId(), "rule 9: the parent of " + below.componentId());
            kinds(below);
            outputs(below);
        }
    }

    /** A run below another one was stopped from above, by a limit, by its reader, or by its own id. */
    private void kinds(RunOutput below) {
        var cause = below.cause();
        if (cause != null && cause.kind() == CancelKind.USER) {
            require(
                    journal.stops().stream()
                            .anyMatch(stop -> stop.result().runId().equals(below.runId())),
                    () -> "rule 13: nobody has stopped " + below.componentId() + ", and its cause is " + cause);
        }
    }

    static void canGoOn(List<Message> messages, String who) {
        var next = new ArrayList<>(messages);
        next.add(Message.user("And then?"));
        try {
            MessageRules.checkAll(next);
        } catch (AssertionError e) {
            throw new Breach("rule 7: the history" + who + ": " + e.getMessage(), e);
        }
    }

    /** What each stop was answered, and what became of it. */
    private void stops() {
        for (var stop : journal.stops()) {
            var result = stop.result();
            if (!result.runId().equals(output.runId())) {
                continue;
            }
            switch (result.outcome()) {
                case REQUESTED, UPGRADED, ALREADY_REQUESTED -> {
                    require(output.cause() != null, () -> "rule 13: a stop was accepted, and there is no cause");
                    if (result.effectiveMode() == CancelMode.NOW
                            || stop.request().mode() == CancelMode.NOW) {
                        same(RunStatus.CANCELLED, output.status(), "rule 2: the status after a stop NOW");
                    }
                }
                case ALREADY_FINISHED ->
                    same(
                            result.status(),
                            output.status(),
                            "rule 4: the status that a late stop was told, and the last");
                case REMEMBERED -> {
                    same(RunStatus.CANCELLED, output.status(), "rule 1: the status after a stop before the start");
                    require(
                            journal.starts().stream().noneMatch(start -> start.code() != Code.CLEANUP),
                            () -> "rule 1: stopped before the start, and yet begun: " + journal.starts());
                }
            }
        }
        var cause = output.cause();
        if (cause != null) {
            require(
                    cause.kind() != CancelKind.PARENT && cause.kind() != CancelKind.SIBLING,
                    () -> "rule 13: the run at the top was stopped by " + cause.kind());
        }
    }

    /** What people have not allowed is not done. */
    private void gatedTools() {
        var begun = journal.starts().stream()
                .filter(start -> start.code() == Code.GATED_TOOL)
                .count();
        require(
                begun <= journal.acceptances(),
                () -> "rule 15: " + begun + " calls that ask first, and " + journal.acceptances() + " acceptances");
    }

    private void cleanups() {
        if (!output.isCancelled()) {
            require(
                    journal.starts().stream()
                            .noneMatch(start -> start.code() == Code.CLEANUP
                                    && start.runId().equals(output.runId())),
                    () -> "rule 12: a cleanup of a run that is " + output.status());
        }
    }

    private void nothingIsLeft() {
        var id = output.runId();
        var live = Runs.shared().live().stream()
                .filter(each -> each.rootRunId().equals(id))
                .map(LiveRun::toString)
                .toList();
        require(live.isEmpty(), () -> "rule 10: runs are live after the end: " + live);
        require(Runs.shared().handle(id).isEmpty(), () -> "rule 10: there is a handle after the end");
        var again = Runs.shared().cancel(id, CancelRequest.now());
        same(CancelResult.Outcome.ALREADY_FINISHED, again.outcome(), "rule 4: what a stop after the end is told");
        same(output.status(), again.status(), "rule 4: the status that a stop after the end is told");
        outcome.run()
                .handle()
                .ifPresent(handle -> same(output.status(), handle.status(), "rule 4: the status of the handle"));
    }
}
