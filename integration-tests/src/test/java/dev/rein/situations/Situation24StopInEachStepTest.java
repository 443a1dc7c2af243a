package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Situation24StopInEachStepTest {
    /** What the step does that the stop comes in. */
    enum Doing {
        ASKING_A_SERVER("Half a"),
        LEADING_A_TEAM("Half a"),
        CALLING_A_FUNCTION(""),
        CALLING_A_FUNCTION_WITH_A_TIME_LIMIT(""),
        BACKING_OFF("");

        private final String partial;

        Doing(String partial) {
            this.partial = partial;
        }
    }

    private final FakeProvider provider =
            FakeProvider.start().byDefault(Script.text("Half a story").hangAfter(2));
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger later = new AtomicInteger();
    private final Gate gate = new Gate();

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> places() {
        return Stream.of(Composite.values())
                .flatMap(composite -> Stream.of(Doing.values())
                        .flatMap(doing -> Stream.of(Form.values()).map(form -> Arguments.of(composite, doing, form))));
    }

    private Step counting(String name, AtomicInteger counter) {
        return Step.of(name, _ -> StepOutput.of(name + " " + counter.incrementAndGet()));
    }

    private Step running(Doing doing) {
        var writer = Teams.member("Writer", Api.CHAT.at(provider));
        return switch (doing) {
            case ASKING_A_SERVER -> Step.of("running", writer).retries(3);
            case LEADING_A_TEAM ->
                Step.of(
                        "running",
                        Teams.of("Team", ScriptedModel.of(Teams.delegates("writer")), writer)
                                .build());
            case CALLING_A_FUNCTION -> Step.of("running", _ -> stand()).retries(3);
            case CALLING_A_FUNCTION_WITH_A_TIME_LIMIT ->
                Step.of("running", _ -> stand()).retries(3).timeout(Duration.ofMinutes(1));
            case BACKING_OFF ->
                Step.of("running", _ -> {
                            tries.incrementAndGet();
                            throw new IllegalStateException("no luck");
                        })
                        .retry(new RetryPolicy(3, Duration.ofMinutes(1), 1, Duration.ofMinutes(1)));
        };
    }

    private StepOutput stand() throws InterruptedException {
        tries.incrementAndGet();
        gate.pass();
        return StepOutput.of("passed");
    }

    private void awaitIts(Doing doing, Composite composite, Started run) {
        switch (doing) {
            case ASKING_A_SERVER, LEADING_A_TEAM -> {
                provider.awaitRequest(1).awaitHanging();
                Waiting.until("what was sent is delivered", () -> run.deliveredTimes(doing.partial) == 1);
            }
            case CALLING_A_FUNCTION, CALLING_A_FUNCTION_WITH_A_TIME_LIMIT -> gate.awaitArrival();
            case BACKING_OFF -> {
                run.awaitEvent(StepError.class);
                Waiting.until(
                        "the back-off",
                        () -> composite == Composite.PARALLEL // what a branch does is not shown
                                || Runs.shared().live().stream()
                                        .filter(live -> live.rootRunId().equals(run.id()))
                                        .anyMatch(live -> live.activity().startsWith("back-off")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatIsFinishedIsKeptOnceWhatRunsKeepsItsPartAndNothingLaterStarts(
            Composite composite, Doing doing, Form form) {
        var steps = composite.around(counting("first", first), running(doing), counting("later", later));
        var workflow = Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(steps.toArray(WorkflowStep[]::new))
                .steps(counting("after", later))
                .build();
        var run = form.start(workflow, "Go");
        awaitIts(doing, composite, run);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER).reason("enough"));

        run.end(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.abandoned()).isEmpty();
        assertThat(first).hasValue(1);
        assertThat(later).hasValue(0);
        assertThat(tries.get()).isLessThanOrEqualTo(1);
        assertThat(provider.requestCount()).isLessThanOrEqualTo(1);
        theResultsAreTrue(output, doing);
        everythingBelowWasStoppedByItsParent(output);
        if (run.wasWatched()) {
            theEventsAreTrue(run, composite);
        }
        Waiting.until("no connection is left", () -> provider.openConnections() == 0);
    }

    private static void theResultsAreTrue(RunOutput output, Doing doing) {
        assertThat(Composite.results(output, "first")).singleElement().satisfies(result -> {
            assertThat(result.success()).isTrue();
            assertThat(result.content()).isEqualTo("first 1");
        });
        assertThat(Composite.results(output, "running")).singleElement().satisfies(result -> {
            assertThat(result.success()).isFalse();
            assertThat(result.error()).isNotBlank();
            assertThat(result.content()).isEqualTo(doing.partial);
        });
        assertThat(Composite.results(output, "later")).isEmpty();
        assertThat(Composite.results(output, "after")).isEmpty();
        if (doing.partial.isEmpty()) {
            assertThat(output.text()).as("the last text of its steps").isIn("first 1", "beside");
        } else {
            assertThat(output.text()).isEqualTo(doing.partial);
        }
    }

    private static void everythingBelowWasStoppedByItsParent(RunOutput above) {
        for (var below : above.memberResponses()) {
            assertThat(below.isCancelled()).isTrue();
            assertThat(Objects.requireNonNull(below.cause()).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(below.cause().reason()).contains("enough");
            everythingBelowWasStoppedByItsParent(below);
        }
    }

    private static void theEventsAreTrue(Started run, Composite composite) {
        assertThat(run.events().getLast()).isInstanceOf(WorkflowCancelled.class);
        assertThat(run.events(WorkflowCancelled.class)).hasSize(composite == Composite.NESTED ? 2 : 1);
        var started = run.events(StepStarted.class).stream()
                .map(event -> event.step().stepName())
                .toList();
        assertThat(started).contains("first", "running").doesNotContain("later", "after");
        assertThat(started).doesNotHaveDuplicates();
        assertThat(List.copyOf(run.events(StepError.class))).hasSizeLessThanOrEqualTo(1);
    }
}
