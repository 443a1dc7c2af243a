package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.StepOutput;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Exchange;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Situation09BranchesDuringCancelTest {
    private static final int BRANCHES = 1_000;
    private static final int BEFORE = 50;
    private static final int AFTER = 50;

    /** Who starts runs without end. */
    enum Spawner {
        FUNCTION_OF_A_STEP,
        TOOL_OF_A_MEMBER
    }

    private final InMemorySessionStore store = new InMemorySessionStore();

    static Stream<Arguments> spawnersAndForms() {
        return Stream.of(Spawner.values())
                .flatMap(spawner -> Stream.of(Form.values()).map(form -> Arguments.of(spawner, form)));
    }

    @ParameterizedTest
    @MethodSource("spawnersAndForms")
    void noRunGoesOnThatAStepOrAMemberHadStarted(Spawner spawner, Form form) throws Exception {
        var childModel = ScriptedModel.create().waitsForever().repeating();
        var child = Agent.of(childModel, "");
        var children = new CopyOnWriteArrayList<RunHandle>();
        var cancelled = new AtomicBoolean();
        Runnable spawning = () -> {
            for (var after = 0; after < AFTER; ) {
                after += cancelled.get() ? 1 : 0;
                try {
                    children.add(child.start("child " + children.size()));
                } catch (RuntimeException e) {
                    // On purpose: it goes on whatever happens.
                }
            }
        };
        var run = form.start(spawner(spawner, spawning), "Go");
        Waiting.until("children", () -> childModel.callsStarted() >= BEFORE);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        cancelled.set(true);

        RunInvariants.checkCancelled(run, store);
        assertThat(children).hasSizeGreaterThan(BEFORE);
        for (var each : children) {
            var output = each.await(Waiting.LONG);
            assertThat(output.isCancelled()).isTrue();
            assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.PARENT);
        }
        assertThat(childModel.callsOpen()).isZero();
    }

    private Component spawner(Spawner spawner, Runnable spawning) {
        return switch (spawner) {
            case FUNCTION_OF_A_STEP ->
                Workflow.builder()
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .steps(Parallel.of(
                                "both",
                                Step.of("spawn", _ -> spawned(spawning)),
                                Step.of("beside", _ -> StepOutput.of("beside"))))
                        .build();
            case TOOL_OF_A_MEMBER -> {
                var member = Agent.builder()
                        .name("Spawner")
                        .model(ScriptedModel.create().toolCall("spawn", "{}"))
                        .tools(Tools.tool("spawn", _ -> spawned(spawning).content()))
                        .build();
                yield Teams.of("Team", ScriptedModel.of(Teams.delegates("spawner")), member)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            }
        };
    }

    private static StepOutput spawned(Runnable spawning) {
        spawning.run();
        return StepOutput.of("spawned");
    }

    @Test
    void aThousandBranchesThatWaitForTheirModelsEndWithOneCancel() {
        var later = new AtomicInteger();
        try (var provider = FakeProvider.builder().backlog(BRANCHES).start()) {
            provider.byDefault(Script.hangs(HangPoint.BEFORE_FIRST_TOKEN));
            var agent = Teams.member("Waiting", Api.CHAT.at(provider));
            var branches = IntStream.range(0, BRANCHES)
                    .mapToObj(number -> Step.of("branch " + number, agent))
                    .toArray(Step[]::new);
            var workflow = Workflow.builder()
                    .name("Wide")
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .steps(
                            Parallel.of("all", branches),
                            Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                    .build();
            var run = Form.START.start(workflow, "Go");
            Waiting.until("all wait for a first token", () -> hanging(provider) == BRANCHES);

            run.cancel(CancelRequest.now().grace(Waiting.NEVER));

            Waiting.until("no server is kept waiting", () -> hanging(provider) == 0);
            var output = RunInvariants.checkCancelled(run, store);
            assertThat(output.abandoned()).isEmpty();
            assertThat(output.memberResponses()).hasSize(BRANCHES).allSatisfy(branch -> {
                assertThat(branch.isCancelled()).isTrue();
                assertThat(Objects.requireNonNull(branch.cause()).kind()).isEqualTo(CancelKind.PARENT);
            });
            assertThat(run.events().getLast()).isInstanceOf(WorkflowCancelled.class);
            assertThat(run.events(WorkflowCancelled.class)).hasSize(1);
            assertThat(later).hasValue(0);
            assertThat(provider.requestCount()).isEqualTo(BRANCHES);
            assertThat(Runs.shared().live()).isEmpty();
            Waiting.until("no connection is left", () -> provider.openConnections() == 0);
        }
    }

    private static long hanging(FakeProvider provider) {
        return provider.exchanges().stream().filter(Exchange::isHanging).count();
    }
}
