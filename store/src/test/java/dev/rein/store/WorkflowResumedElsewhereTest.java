package dev.rein.store;

import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.pending;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.StepStarted;
import dev.rein.session.EventPolicy;
import dev.rein.session.StoredRun;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A workflow that waits for people goes on in a process that has only its row: there it is built anew. */
class WorkflowResumedElsewhereTest extends TwoProcesses {
    /** What was executed, in all processes. */
    private final List<String> done = new CopyOnWriteArrayList<>();

    /** A step that notes that it was executed. */
    private Step noting(String name) {
        return Step.of(name, input -> {
            done.add(name);
            return StepOutput.of(name + " after " + input.text());
        });
    }

    private Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .storeEvents(EventPolicy.ALL)
                .steps(steps)
                .build();
    }

    private StoredRun left(Supplier<Workflow> built) throws Exception {
        return leave(other, built.get().start("Go", SESSION));
    }

    /** Goes on with a workflow that is built anew, and leaves it again if it waits again. */
    private StoredRun goOn(Supplier<Workflow> built, StoredRun row, Function<String, Decision> decision)
            throws Exception {
        var decisions = pending(row).stream().map(decision).toArray(Decision[]::new);
        var run = built.get().continueRun(row.runId(), decisions);
        var output = run.await(LONG);
        return output.isPaused() ? leave(other, run) : row(other, row.runId());
    }

    private static List<String> names(List<StepOutput> steps) {
        return steps.stream().map(StepOutput::stepName).toList();
    }

    // ---- what was done is not done again

    @Test
    void whatWasDoneIsNotDoneAgain() throws Exception {
        Supplier<Workflow> built =
                () -> workflow(noting("write"), noting("publish").confirm("Publish it?"), noting("tell"));
        var row = left(built);
        assertThat(done).containsExactly("write");
        var end = goOn(built, row, Decision::confirm);
        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(end.text()).isEqualTo("tell after publish after write after Go");
        assertThat(names(end.steps())).containsExactly("write", "publish", "tell");
        assertThat(end.epoch()).isGreaterThan(row.epoch());
        assertThat(done).containsExactly("write", "publish", "tell");
        assertThatThrownBy(() -> goOn(built, row, Decision::confirm))
                .hasMessageContaining("is COMPLETED and accepts no further decisions");
    }

    @Test
    void whatWasShownIsNotShownAgainAndTheEventsGoOn() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Steps.of(
                        "all",
                        noting("write"),
                        Loop.of("twice", noting("publish").confirm("Publish it?"))
                                .maxIterations(2)),
                noting("tell"));
        var inOne = workflow(built.get().steps().toArray(WorkflowStep[]::new)).start("Go", SESSION);
        while (inOne.await(LONG).isPaused()) {
            inOne.output()
                    .requirements()
                    .forEach(each -> built.get().continueRun(inOne.id(), Decision.confirm(each.id())));
        }
        var row = left(built);
        while (row.status() == RunStatus.PAUSED) {
            row = goOn(built, row, Decision::confirm);
        }
        var events = other.events(row.runId(), -1, 1000);
        assertThat(events)
                .extracting(RunEvent::name)
                .isEqualTo(other.events(inOne.id(), -1, 1000).stream()
                        .map(RunEvent::name)
                        .toList());
        assertThat(events).extracting(RunEvent::index).doesNotHaveDuplicates().isSorted();
        assertThat(events.stream()
                        .filter(StepStarted.class::isInstance)
                        .map(each -> ((StepEvent) each).step().stepName()))
                .containsExactly("write", "publish", "publish", "tell");
    }

    @Test
    void theHistoryAndTheResultsOfANestedWorkflowAreSeenElsewhereToo() throws Exception {
        Supplier<Workflow> built = () -> Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .addHistory(3)
                .steps(
                        Step.of(
                                "nested",
                                Workflow.builder()
                                        .name("Inner")
                                        .store(store)
                                        .steps(noting("inner"))
                                        .build()),
                        Step.of(
                                        "tell",
                                        input -> StepOutput.of(input.content("inner") + ", "
                                                + input.outputs().keySet() + ", "
                                                + input.history().stream()
                                                        .map(each -> each.output())
                                                        .toList()))
                                .confirm("May it?"))
                .build();
        var first = goOn(built, left(built), Decision::confirm);
        assertThat(first.text()).isEqualTo("inner after Go, [nested], []");
        assertThat(first.steps().getFirst().steps()).hasSize(1);
        var row = left(built);
        assertThat(goOn(built, row, Decision::confirm).text())
                .contains("inner after ", "[nested]", "[inner after Go, [nested], []]");
        assertThat(done).hasSize(2);
    }

    @Test
    void aStepThatIsNotConfirmedIsSkippedElsewhereToo() throws Exception {
        Supplier<Workflow> built =
                () -> workflow(noting("write"), noting("publish").confirm("Publish it?"));
        var end = goOn(built, left(built), id -> Decision.reject(id, "not good"));
        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(end.steps().getLast().error()).contains("not good");
        assertThat(done).containsExactly("write");
    }

    @Test
    void aStepMayAskTwiceInTwoProcesses() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Step.external("pay", "Pay it").userInput("How much?", "euros").timeout(LONG), noting("tell"));
        var asked = left(built);
        var again = goOn(built, asked, id -> Decision.input(id, Map.of("euros", 20)));
        assertThat(again.status()).isEqualTo(RunStatus.PAUSED);
        var end = goOn(built, again, id -> Decision.result(id, "paid"));
        assertThat(end.text()).isEqualTo("tell after paid");
    }

    @Test
    void aStepThatHasFailedIsTriedAgainOnlyWhenPeopleSaySo() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Step.of("write", input -> {
                            done.add("write");
                            if (done.size() < 2) {
                                throw new IllegalStateException("no ink");
                            }
                            return StepOutput.of(input.values().get("pen") + " wrote");
                        })
                        .userInput("With which pen?", "pen")
                        .onError(OnError.PAUSE),
                noting("tell"));
        var asked = left(built);
        var failed = goOn(built, asked, id -> Decision.input(id, Map.of("pen", "a quill")));
        assertThat(failed.steps().getFirst().error()).contains("no ink");
        assertThat(done).containsExactly("write");
        var end = goOn(built, failed, Decision::retry);
        assertThat(end.text()).isEqualTo("tell after a quill wrote");
        assertThat(done).containsExactly("write", "write", "tell");
    }

    @Test
    void aStepThatHasFailedCanBeSkippedOrFailItsWorkflow() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Step.of("write", _ -> {
                            done.add("write");
                            throw new IllegalStateException("no ink");
                        })
                        .onError(OnError.PAUSE),
                noting("tell"));
        assertThat(goOn(built, left(built), Decision::skip).text()).isEqualTo("tell after Go");
        var failed = goOn(built, left(built), Decision::reject);
        assertThat(failed.status()).isEqualTo(RunStatus.ERROR);
        assertThat(failed.failure()).isNotNull();
        assertThat(failed.failure().message()).contains("no ink");
        assertThat(done).containsExactly("write", "tell", "write");
    }

    // ---- composites

    @Test
    void aLoopGoesOnInItsIteration() throws Exception {
        var untils = new ArrayList<Integer>();
        Supplier<Workflow> built = () -> workflow(
                noting("plan"),
                Loop.of("drafts", noting("draft"), noting("review").confirm("Is it good?"))
                        .maxIterations(5)
                        .forwardOutput(true)
                        .until(_ -> {
                            untils.add(done.size());
                            return done.size() == 7;
                        }),
                noting("tell"));
        var row = left(built);
        while (row.status() == RunStatus.PAUSED) {
            row = goOn(built, row, Decision::confirm);
        }
        assertThat(done).containsExactly("plan", "draft", "review", "draft", "review", "draft", "review", "tell");
        assertThat(untils).as("asked once for each iteration").containsExactly(3, 5, 7);
        assertThat(names(row.steps().get(1).steps())).hasSize(6);
        assertThat(row.text())
                .isEqualTo("tell after review after draft after review after draft after review after draft after plan"
                        + " after Go");
    }

    @Test
    void waysThatWereChosenAreNotChosenAgain() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Router.of(
                        "router",
                        _ -> {
                            done.add("route");
                            return List.of("b", "c");
                        },
                        noting("a"),
                        noting("b"),
                        Condition.of("c", _ -> done.add("test"), noting("yes").confirm("Yes?"))
                                .otherwise(noting("no"))),
                noting("tell"));
        var end = goOn(built, left(built), Decision::confirm);
        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("route", "b", "test", "yes", "tell");
    }

    @Test
    void peopleChooseTheWayInAnotherProcess() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                noting("plan"),
                Router.asking("router", "Which way?", noting("a"), noting("b").confirm("Really?"), noting("c")));
        var asked = left(built);
        var confirm = goOn(built, asked, id -> Decision.choose(id, "b", "a"));
        assertThat(confirm.status()).isEqualTo(RunStatus.PAUSED);
        assertThat(goOn(built, confirm, Decision::confirm).text()).isEqualTo("a after b after plan after Go");
        assertThat(done).containsExactly("plan", "b", "a");
    }

    @Test
    void branchesThatWereOverStaySoAndTheirStateIsMergedOnce() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                Step.of("first", input -> {
                    input.sessionState().put("gone", 1);
                    input.sessionState().put("count", 1);
                    return StepOutput.of("x");
                }),
                Parallel.of(
                        "both",
                        Step.of("over", input -> {
                            done.add("over");
                            input.sessionState().remove("gone");
                            input.sessionState().merge("count", 10, (a, b) -> (Integer) a + (Integer) b);
                            return StepOutput.of("o");
                        }),
                        Steps.of(
                                "waits",
                                Step.of("sets", input -> {
                                    done.add("sets");
                                    input.sessionState().put("mine", "yes");
                                    return StepOutput.of("s");
                                }),
                                Step.of(
                                                "sees",
                                                input -> StepOutput.of(input.sessionState()
                                                                .get("mine") + " "
                                                        + input.sessionState().get("count") + " "
                                                        + input.sessionState().get("gone")))
                                        .confirm("See?"))));
        var row = left(built);
        var end = goOn(built, row, Decision::confirm);
        assertThat(done).containsExactlyInAnyOrder("over", "sets");
        assertThat(end.text()).isEqualTo("over:\no\n\nwaits:\nyes 1 1");
        assertThat(other.session("s").orElseThrow().state()).isEqualTo(Map.of("count", 11, "mine", "yes"));
    }

    @Test
    void whatItHasChangedOfTheSessionsStateAndNothingElseIsStoredAtItsEnd() throws Exception {
        workflow(Step.of("before", input -> {
                    input.sessionState().putAll(Map.of("changed", 1, "removed", 1, "kept", 1));
                    return StepOutput.of("x");
                }))
                .run("Go", SESSION);
        Supplier<Workflow> built = () -> workflow(
                Step.of("changes", input -> {
                    input.sessionState().put("changed", 2);
                    input.sessionState().remove("removed");
                    return StepOutput.of("x");
                }),
                Step.of("sees", input -> StepOutput.of(input.sessionState().toString()))
                        .confirm("See?"));
        var row = left(built);
        workflow(Step.of("meanwhile", input -> {
                    input.sessionState().putAll(Map.of("kept", 3, "added", 3));
                    return StepOutput.of("x");
                }))
                .run("Go", SESSION);
        var end = goOn(built, row, Decision::confirm);
        assertThat(end.text())
                .as("as it was when it began")
                .contains("changed=2", "kept=1")
                .doesNotContain("removed");
        assertThat(other.session("s").orElseThrow().state()).isEqualTo(Map.of("changed", 2, "kept", 3, "added", 3));
    }

    @Test
    void itGoesOnWithAllDecisionsOrNotAtAll() throws Exception {
        Supplier<Workflow> built = () -> workflow(Parallel.of(
                "both",
                noting("a").confirm("A?"),
                Step.of("b", _ -> StepOutput.of("B")).confirm("B?")));
        var run = built.get().start("Go", SESSION);
        var asked = run.await(LONG).requirements();
        assertThat(asked).hasSize(2);
        var row = leave(other, run);
        assertThatThrownBy(() -> built.get()
                        .continueRun(
                                row.runId(), Decision.confirm(asked.getFirst().id())))
                .hasMessageContaining("is missing");
        assertThat(goOn(built, row, Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("a");
    }

    // ---- what can't go on

    private void refused(StoredRun row, String why, WorkflowStep... steps) {
        var decisions = pending(row).stream().map(Decision::confirm).toArray(Decision[]::new);
        assertThatThrownBy(() -> workflow(steps).continueRun(row.runId(), decisions))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("as it is built here")
                .hasMessageContaining(why);
        assertThat(row(other, row.runId()))
                .as("it can still go on with the right one")
                .isEqualTo(row);
    }

    @Test
    void aFlowThatHasChangedIsRefused() throws Exception {
        var publish = noting("publish").confirm("Publish it?");
        var row = left(() -> workflow(noting("write"), publish));
        refused(
                row,
                "\"write\" had started at the place that is now step \"research\"",
                noting("research"),
                noting("write"),
                publish);
        refused(row, "no longer a step at the place of \"publish\"", noting("write"));
        refused(row, "no longer asks the pending question", noting("write"), noting("publish"));
        refused(row, "was FUNCTION and is now STEPS", noting("write"), Steps.of("publish", noting("x")));
        var end = goOn(() -> workflow(noting("write"), publish, noting("added")), row, Decision::confirm);
        assertThat(end.status()).as("what comes later may change").isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("write", "publish", "added");
    }

    @Test
    void aStepWhoseOwnCodeHasStartedWhatAsksIsRefused() throws Exception {
        var inner = workflow(noting("book").confirm("Book?"));
        var outer = Workflow.builder()
                .name("Outer")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .steps(Step.of("code", _ -> {
                    RunOutput output = inner.run("Go");
                    return StepOutput.of(output.text());
                }))
                .build();
        var row = leave(other, outer.start("Go", SESSION));
        assertThatThrownBy(() -> outer.continueRun(
                        row.runId(), Decision.confirm(pending(row).getFirst())))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("its own code has started a paused run");
        assertThat(done).isEmpty();
    }
}
