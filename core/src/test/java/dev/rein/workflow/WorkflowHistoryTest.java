package dev.rein.workflow;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the steps of a workflow see of its earlier runs in the session. */
class WorkflowHistoryTest {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final List<List<PastRun>> seen = new CopyOnWriteArrayList<>();

    private WorkflowBuilder builder(String name) {
        return Workflow.builder().name(name).store(store).storeWait(Duration.ofMinutes(1));
    }

    private Step echo() {
        return Step.of("echo", input -> {
            seen.add(input.history());
            return StepOutput.of("echo of " + input.text());
        });
    }

    @Test
    void aFunctionSeesTheLatestCompletedRunsOfItsWorkflow() {
        var workflow = builder("Flow").addHistory(2).steps(echo()).build();
        for (var input : List.of("a", "b", "c")) {
            assertThat(workflow.run(input, SESSION).status()).isEqualTo(RunStatus.COMPLETED);
        }
        workflow.run("elsewhere", RunOptions.defaults().sessionId("other"));
        assertThat(workflow.run("d", SESSION).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(seen.getFirst()).isEmpty();
        assertThat(seen.getLast()).extracting(PastRun::input).containsExactly("b", "c");
        assertThat(seen.getLast()).extracting(PastRun::output).containsExactly("echo of b", "echo of c");
        assertThat(seen.get(3)).isEmpty();
    }

    @Test
    void runsOfOtherComponentsAndThoseThatDidNotCompleteAreNotPartOfIt() throws Exception {
        var gate = new Gate();
        var workflow = builder("Flow")
                .addHistory(5)
                .steps(Step.of("work", input -> {
                    seen.add(input.history());
                    if (input.text().equals("blocks")) {
                        gate.pass();
                    }
                    return StepOutput.of("done");
                }))
                .build();
        builder("Other")
                .steps(Step.of("echo", input -> StepOutput.of("other")))
                .build()
                .run("x", SESSION);
        var stopped = workflow.start("blocks", SESSION);
        gate.awaitReached();
        stopped.cancel();
        assertThat(Events.end(stopped).status()).isEqualTo(RunStatus.CANCELLED);
        workflow.run("first", SESSION);
        workflow.run("second", SESSION);
        assertThat(seen.getLast()).extracting(PastRun::input).containsExactly("first");
    }

    @Test
    void anAgentReadsTheHistoryBeforeItsInput() {
        var model = TestModel.of(says("One."), says("Two."));
        var workflow = builder("Flow")
                .addHistory(3)
                .steps(Step.of("answer", Agent.builder().model(model).build()))
                .build();
        workflow.run("first", SESSION);
        workflow.run("second", SESSION);
        assertThat(model.told(0).content()).isEqualTo("first");
        assertThat(model.told(1).content()).isEqualTo("""
                        <workflow_history_context>
                        [Workflow Run-1]
                        User input: first
                        Workflow output: One.

                        </workflow_history_context>

                        second""");
    }

    @Test
    void withoutAHistoryNothingIsRead() {
        var workflow = builder("Flow").steps(echo()).build();
        workflow.run("a", SESSION);
        workflow.run("b", SESSION);
        assertThat(seen).containsOnly(List.of());
    }

    @Test
    void aHistoryNeedsAStoreASessionAndASensibleSize() {
        assertThatThrownBy(() -> Workflow.builder().addHistory(1).steps(echo()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("addHistory(1) needs a store");
        var workflow = builder("Flow").addHistory(1).steps(echo()).build();
        assertThatThrownBy(() -> workflow.run("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sessionId");
        assertThatThrownBy(() -> Workflow.builder().addHistory(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Workflow.builder().addHistory(1_001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWorkflowThatIsPartOfAnotherRunSeesItsOwnEarlierRuns() {
        var nested = builder("Inner").addHistory(3).steps(echo()).build();
        var outer = builder("Outer").steps(Step.of("nested", nested)).build();
        outer.run("without a session");
        outer.run("a", SESSION);
        outer.run("b", SESSION);
        assertThat(seen.getFirst()).isEmpty();
        assertThat(seen.getLast()).extracting(PastRun::input).containsExactly("a");
    }
}
