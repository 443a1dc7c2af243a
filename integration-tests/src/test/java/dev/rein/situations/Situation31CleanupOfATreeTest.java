package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.StepCompleted;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation31CleanupOfATreeTest {
    private static final Duration CLEANUP = Duration.ofMillis(200);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Gate gate = new Gate();

    private void cleanUp(String what) {
        try {
            Thread.sleep(CLEANUP); // what a cleanup takes
            done.add(what);
        } catch (InterruptedException e) {
            done.add(what + " was interrupted");
        }
    }

    private Agent part() {
        return Agent.builder()
                .name("Part")
                .model(ScriptedModel.create().toolCall("wait", "{}"))
                .tools(Tools.tool("wait", context -> {
                    context.onCancelled(() -> cleanUp("part's tool"));
                    gate.pass();
                    return "passed";
                }))
                .onCancel((_, _) -> cleanUp("part"))
                .build();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void theCleanupsOfAPartCompleteBeforeTheWholeEnds(Tree tree, Form form) {
        var run = form.start(tree.around(part(), store), "Go");
        gate.awaitArrival();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(done).containsExactlyInAnyOrder("part", "part's tool");
        assertThat(output.abandoned()).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void cleanupsRunFromTheInnermostOut(Form form) {
        var team = Teams.of("Team", ScriptedModel.of(Teams.delegates("part")), part())
                .onCancel((_, _) -> cleanUp("team"))
                .build();
        var workflow = Workflow.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(Parallel.of("both", Step.of("team", team), Step.of("register", input -> {
                    input.context().onCancelled(() -> cleanUp("workflow's step"));
                    return StepOutput.of("registered");
                })))
                .onCancel((_, _) -> cleanUp("workflow"))
                .build();
        var run = form.start(workflow, "Go");
        gate.awaitArrival();
        run.awaitAny(event -> event instanceof StepCompleted);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        RunInvariants.checkCancelled(run, store);
        assertThat(done).hasSize(5);
        assertThat(done.subList(0, 2)).containsExactlyInAnyOrder("part", "part's tool");
        assertThat(done.get(2)).isEqualTo("team");
        assertThat(done.subList(3, 5)).containsExactlyInAnyOrder("workflow", "workflow's step");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void aCleanupOfAPartThatHangsIsCutAndTheWholeIsCancelled(Tree tree, Form form) {
        var hanging = new CountDownLatch(1);
        var model = ScriptedModel.create().waitsForever();
        var part = Agent.builder()
                .name("Part")
                .model(model)
                .onCancel((_, _) -> hanging.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS))
                .hookTimeouts(Duration.ofMillis(100), Duration.ofMillis(100))
                .build();
        var run = form.start(tree.around(part, store), "Go");
        model.awaitWaiting(1);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(Tree.part(output).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Tree.part(output).abandoned())
                .singleElement()
                .satisfies(thread -> assertThat(thread.what()).startsWith("cleanup of run"));
        hanging.countDown();
        Waiting.until("the cleanup comes back", () -> Runs.shared().abandonedThreads() == 0);
    }
}
