package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.model.ModelException;
import dev.rein.model.ToolCall;
import dev.rein.run.Decision;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agents, teams and workflows as tools of others. */
class ComponentToolTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static TestModel.Turn asks(String tool) {
        return calls(new ToolCall("c1", tool, "{\"input\":\"Write\"}"));
    }

    private static Agent writer(TestModel.Turn... turns) {
        return Agent.builder()
                .name("The Writer")
                .role("Writes stories.")
                .model(TestModel.of(turns))
                .build();
    }

    private static Agent caller(TestModel model, Component component) {
        return Agent.builder()
                .name("Caller")
                .model(model)
                .tools(component.asTool())
                .build();
    }

    static List<Component> components() {
        return List.of(
                writer(says("Once.")),
                Team.builder()
                        .name("The Writer")
                        .model(TestModel.of(says("Once.")))
                        .members(writer(says("no")))
                        .build(),
                Workflow.builder()
                        .name("The Writer")
                        .steps(Step.of("write", writer(says("Once."))))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("components")
    void theModelReadsTheAnswerOfAChildRun(Component component) throws Exception {
        var model = TestModel.of(asks("the-writer"), says("Done."));
        var run = caller(model, component).start("go");
        var events = Events.of(run);
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(model.told(1).content()).isEqualTo("Once.");
        var childId = output.tools().getFirst().childRunId();
        assertThat(childId).isNotNull();
        assertThat(events).filteredOn(event -> event.runId().equals(childId)).isNotEmpty();
    }

    @Test
    void theDefinitionSaysWhoIsAsked() {
        var tool = writer(says("x")).asTool();
        assertThat(tool.name()).isEqualTo("the-writer");
        assertThat(tool.definition().description())
                .isEqualTo("Gives a task to the agent \"The Writer\" and returns its answer. Writes stories.");
        assertThat(tool.definition().parameters().at("/required/0").asText()).isEqualTo("input");
        assertThat(writer(says("x")).asTool("ask", "Asks").name()).isEqualTo("ask");
        var odd = Agent.builder()
                .id("a.b/" + "c".repeat(80))
                .model(TestModel.of())
                .build();
        assertThat(odd.asTool().name()).isEqualTo("a_b_" + "c".repeat(60));
    }

    @Test
    void aBlankInputIsExplained() {
        var model = TestModel.of(calls(new ToolCall("c1", "the-writer", "{\"input\":\" \"}")), says("Done."));
        assertThat(caller(model, writer(says("x"))).run("go").tools().getFirst().result())
                .contains("is blank");
    }

    @Test
    void aStopGoesDown() throws Exception {
        var writer = writer(TestModel.saysAndHangs("Once upon "));
        var run = caller(TestModel.of(asks("the-writer")), writer).start("go");
        await().atMost(LONG).until(() -> run.output().tools().stream().anyMatch(each -> each.childRunId() != null));
        run.cancel();
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.abandoned()).isEmpty();
        assertThat(output.tools().getFirst().childRunId()).isNotNull();
    }

    @Test
    void aChildThatIsStoppedAloneIsReadByTheModel() throws Exception {
        var inner = new AtomicReference<String>();
        var said = new AtomicBoolean();
        var writer = Agent.builder()
                .name("The Writer")
                .model(TestModel.of((request, call) -> {
                    call.text("Once upon ");
                    said.set(true);
                    return TestModel.hangs().respond(request, call);
                }))
                .before("id", (input, context) -> {
                    inner.set(context.runId());
                    return input;
                })
                .build();
        var model = TestModel.of(asks("the-writer"), says("Done."));
        var run = caller(model, writer).start("go");
        await().atMost(LONG).until(() -> inner.get() != null && said.get());
        writer.cancelRun(inner.get());
        assertThat(run.await(LONG).text()).isEqualTo("Done.");
        assertThat(model.told(1).content()).contains("the-writer was stopped", "Once upon ");
    }

    @Test
    void aFailureIsAnErrorOfTheCall() {
        var model = TestModel.of(asks("the-writer"), says("Done."));
        var failing = writer(TestModel.fails(ModelException.Kind.BAD_REQUEST, "no such model"));
        var output = caller(model, failing).run("go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.tools().getFirst().error()).isTrue();
        assertThat(model.told(1).content()).contains("the-writer failed", "no such model");
    }

    @Test
    void aPauseOfTheChildPausesTheCallerAndADecisionGoesOn() throws Exception {
        var writer = Agent.builder()
                .name("The Writer")
                .model(TestModel.of(calls("publish"), says("Published.")))
                .tools(tool("publish", context -> "ok").withConfirmation("Publish?"))
                .build();
        var model = TestModel.of(asks("the-writer"), says("Done."));
        var caller = caller(model, writer);
        var paused = caller.run("go");
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
        var asked = paused.requirements().getFirst();
        var output =
                caller.continueRun(paused.runId(), Decision.confirm(asked.id())).await(LONG);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(model.told(1).content()).isEqualTo("Published.");
    }

    @Test
    void theNestingIsBounded() {
        var self = new AtomicReference<Agent>();
        var model = TestModel.of((request, call) -> request.messages().getLast().role() == dev.rein.model.Role.TOOL
                ? says(request.messages().getLast().content()).respond(request, call)
                : asks("self").respond(request, call));
        self.set(Agent.builder()
                .name("self")
                .model(model)
                .tools(context -> List.<ToolSpec>of(self.get().asTool()))
                .build());
        var output = self.get().run("go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).contains("runs are nested 16 deep");
        assertThat(model.requests()).hasSize(34);
    }

    @Test
    void aDirectResultOfAnAgentIsTheAnswer() {
        var model = TestModel.of(asks("the-writer"), says("never asked"));
        var agent = Agent.builder()
                .model(model)
                .tools(writer(says("Once.")).asTool().withReturnDirect())
                .build();
        assertThat(agent.run("go").text()).isEqualTo("Once.");
        assertThat(model.requests()).hasSize(1);
    }
}
