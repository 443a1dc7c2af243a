package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.testkit.MessageRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold at the end of every run, whatever it was stopped in. */
final class RunInvariants {
    private final Started run;
    private final RunOutput output;
    private final @Nullable SessionStore store;

    private RunInvariants(Started run, @Nullable SessionStore store) {
        this.run = run;
        this.output = run.end();
        this.store = store;
    }

    /** Waits for the end. @return what it came to */
    static RunOutput check(Started run) {
        return new RunInvariants(run, null).check();
    }

    static RunOutput check(Started run, SessionStore store) {
        return new RunInvariants(run, store).check();
    }

    /** The same, for a run that must have been cancelled. */
    static RunOutput checkCancelled(Started run) {
        return cancelled(check(run));
    }

    static RunOutput checkCancelled(Started run, SessionStore store) {
        return cancelled(check(run, store));
    }

    private static RunOutput cancelled(RunOutput output) {
        assertThat(output.status()).as("status, failure: %s", output.failure()).isEqualTo(RunStatus.CANCELLED);
        return output;
    }

    private RunOutput check() {
        theOutputFitsItsStatus(output);
        if (run.wasWatched()) {
            checkEvents(run.events(), output);
            theTextWasDelivered(output, null);
        }
        assertCanGoOn(output.messages());
        theTreeFits(output);
        nothingIsLeft();
        aSecondCancelIsToldTheTruth();
        if (store != null) {
            theRowSaysTheSame(store, output);
        }
        return output;
    }

    /** Whether a conversation is accepted with a next message. */
    static void assertCanGoOn(List<Message> messages) {
        var next = new ArrayList<>(messages);
        next.add(Message.user("And then?"));
        MessageRules.checkAll(next);
    }

    private static void theOutputFitsItsStatus(RunOutput output) {
        assertThat(output.status().isTerminal())
                .as("is over: %s", output.status())
                .isTrue();
        if (output.isCancelled()) {
            assertThat(output.cause()).as("cause").isNotNull();
            assertThat(output.effectiveMode()).as("mode").isNotNull();
            assertThat(output.stopTook()).as("stopTook").isNotNull();
        }
        assertThat(output.failure() != null).as("has a failure").isEqualTo(output.isError());
    }

    /** What holds for a run holds for the members and executors below it. */
    private void theTreeFits(RunOutput above) {
        for (var below : above.memberResponses()) {
            assertThat(below.parentRunId()).as("parent of %s", below.runId()).isEqualTo(above.runId());
            theOutputFitsItsStatus(below);
            assertCanGoOn(below.messages());
            if (run.wasWatched() && isShown(below)) {
                theTextWasDelivered(below, above);
            }
            if (store != null) {
                theRowSaysTheSame(store, below);
            }
            theTreeFits(below);
        }
    }

    private boolean isShown(RunOutput of) {
        return run.events().stream().anyMatch(event -> event.runId().equals(of.runId()));
    }

    /** Or it is that of a run or a step below, if it was ended before it could say anything itself. */
    private void theTextWasDelivered(RunOutput of, @Nullable RunOutput above) {
        var delivered = run.delivered(of.runId());
        if (!delivered.isEmpty() || of.text().isEmpty()) {
            if (of.isCompleted()) {
                // The text of its last response; what it had said before is delivered, too.
                assertThat(delivered)
                        .as("the delivered text of %s", of.componentId())
                        .endsWith(of.text());
            } else {
                assertThat(delivered)
                        .as("the delivered text of %s", of.componentId())
                        .isEqualTo(of.text());
            }
            return;
        }
        if (above != null && run.delivered(above.runId()).contains(of.text())) {
            // A member to whom the request was handed over speaks for its team.
            return;
        }
        var known = new ArrayList<String>();
        of.memberResponses().forEach(below -> known.add(below.text()));
        addContents(of.steps(), known);
        assertThat(known)
                .as("the texts from which %s has its own", of.componentId())
                .contains(of.text());
    }

    private static void addContents(List<StepOutput> steps, List<String> to) {
        for (var step : steps) {
            to.add(step.content());
            addContents(step.steps(), to);
        }
    }

    /**
     * One terminal event for each run, after those of its children; the root's is the last of all. Each run's first event is
     * its start.
     */
    static void checkEvents(List<RunEvent> events, RunOutput output) {
        var ended = new HashSet<String>();
        var begun = new HashSet<String>();
        var index = 0L;
        for (var event : events) {
            if (begun.add(event.runId())) {
                assertThat(event).as("first event of a run").isInstanceOfAny(RunStarted.class, WorkflowStarted.class);
            }
            assertThat(event.index()).as("index of %s", event).isEqualTo(index++);
            assertThat(ended).as("runs that had ended before %s", event).doesNotContain(event.runId());
            var parent = event.parentRunId();
            if (parent != null) {
                assertThat(ended).as("parents that had ended before %s", event).doesNotContain(parent);
            }
            if (event instanceof Terminal) {
                ended.add(event.runId());
            }
            if (event instanceof Terminal end && end.status() == RunStatus.CANCELLED) {
                index++; // stays free for adapters that show this end as two events
            }
        }
        assertThat(events).as("events").isNotEmpty();
        assertThat(ended).as("every run has ended").isEqualTo(begun);
        checkLast((Terminal) events.getLast(), output);
    }

    private static void checkLast(Terminal last, RunOutput output) {
        assertThat(last.runId()).isEqualTo(output.runId());
        assertThat(last.status()).isEqualTo(output.status());
        switch (last) {
            case RunCompleted event -> assertThat(event.content()).isEqualTo(output.text());
            case RunError event -> assertThat(event.content()).isEqualTo(output.text());
            case RunCancelled event -> {
                assertThat(event.content()).isEqualTo(output.text());
                assertThat(event.cause()).isEqualTo(output.cause());
                assertThat(event.effectiveMode()).isEqualTo(output.effectiveMode());
                assertThat(event.abandoned()).isEqualTo(output.abandoned());
            }
            case WorkflowCompleted event -> {
                assertThat(event.content()).isEqualTo(output.text());
                assertThat(event.steps()).isEqualTo(output.steps());
            }
            case WorkflowError event -> {
                assertThat(event.content()).isEqualTo(output.text());
                assertThat(event.steps()).isEqualTo(output.steps());
            }
            case WorkflowCancelled event -> {
                assertThat(event.content()).isEqualTo(output.text());
                assertThat(event.steps()).isEqualTo(output.steps());
                assertThat(event.cause()).isEqualTo(output.cause());
                assertThat(event.effectiveMode()).isEqualTo(output.effectiveMode());
                assertThat(event.abandoned()).isEqualTo(output.abandoned());
            }
        }
    }

    private void nothingIsLeft() {
        assertThat(Runs.shared().live().stream().filter(live -> live.rootRunId().equals(run.id())))
                .as("live runs of this tree")
                .isEmpty();
        assertThat(Runs.shared().handle(run.id())).as("handle").isEmpty();
    }

    private void aSecondCancelIsToldTheTruth() {
        var again = Runs.shared().cancel(run.id(), CancelRequest.now());
        assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(again.status()).isEqualTo(output.status());
        assertThat(again.stopping()).isFalse();
    }

    private static void theRowSaysTheSame(SessionStore in, RunOutput output) {
        if (!output.stored()) {
            Waiting.until(
                    "the late write",
                    () -> in.run(output.runId()).orElseThrow().status().isTerminal());
        }
        var row = in.run(output.runId()).orElseThrow();
        assertThat(row.status()).as("stored status").isEqualTo(output.status());
        assertThat(row.text()).as("stored text").isEqualTo(output.text());
        assertThat(row.cause()).as("stored cause").isEqualTo(output.cause());
        assertThat(row.effectiveMode()).as("stored mode").isEqualTo(output.effectiveMode());
        assertThat(row.endedAt()).as("stored end").isNotNull();
        assertCanGoOn(row.messages());
        var own = Objects.requireNonNull(row).messages();
        assertThat(output.messages())
                .as("the run's messages end with the stored ones")
                .endsWith(own.toArray(Message[]::new));
    }
}
