package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.StepOutput;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.Script;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Situation25LoopInParallelTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicInteger later = new AtomicInteger();

    private static Loop loop(String name, Step... steps) {
        return Loop.of(name, steps).maxIterations(1_000).forwardOutput(true);
    }

    private Workflow workflow(FakeProvider provider, Api api) {
        var fast = Step.of("fast", input -> StepOutput.of("+" + input.text().length()));
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(
                        Parallel.of(
                                "both",
                                loop("talking", Step.of("talk", Teams.member("Talker", api.at(provider)))),
                                loop("counting", fast, Step.of("nested", inner())),
                                Step.of("endless", Teams.member("Endless", api.at(provider)))),
                        Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                .build();
    }

    /** A loop in a parallel branch of a workflow that is a step of the loop. */
    private static Workflow inner() {
        return Workflow.builder()
                .name("Inner")
                .steps(Parallel.of("inner both", loop("inner loop", Step.of("inner step", input -> {
                    input.context().cancellation().sleep(Duration.ofMillis(1));
                    return StepOutput.of("x");
                }))))
                .build();
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void itEndsAndNothingOfItIsLeft(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.answerBy(request -> request.bodyText().contains("You are Endless.")
                    ? Script.forever(Duration.ofMillis(1))
                    : Script.text("Once upon a time"));
            var workflow = workflow(provider, api);
            try (var _ = LeakCheck.begin().ignoring(name -> name.contains("fake") || name.contains("socket"))) {
                var run = form.start(workflow, "Go");
                run.awaitEvents(LoopIterationStarted.class, 20);

                run.cancel(CancelRequest.now().grace(Waiting.NEVER));

                run.end(Waiting.SOON);
                var output = RunInvariants.checkCancelled(run, store);
                assertThat(output.abandoned()).isEmpty();
                assertThat(later).hasValue(0);
                var last = run.events().getLast();
                assertThat(last).isInstanceOf(WorkflowCancelled.class);
                assertThat(((Terminal) last).isRoot()).isTrue();
                Waiting.until("no connection is left", () -> provider.openConnections() <= 1);
            }
        }
    }
}
