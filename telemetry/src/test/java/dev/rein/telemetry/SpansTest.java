package dev.rein.telemetry;

import static dev.rein.telemetry.Conventions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelException;
import dev.rein.run.Decision;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The spans of runs: their parents, attributes and status. Closing the runs waits for their listeners. */
public class SpansTest {
    private final Recorded recorded = new Recorded();
    private final Telemetry telemetry = Telemetry.of(recorded.sdk);

    public final class Tools {
        @Tool("Looks something up")
        public String lookup(String key) {
            recorded.tracer().spanBuilder("own").startSpan().end();
            return "secret result";
        }

        @Tool("Fails")
        public String broken() {
            throw new IllegalArgumentException("secret failure");
        }

        @Tool(value = "Asks first", requiresConfirmation = true)
        public String pay() {
            return "paid";
        }
    }

    @Test
    void spansOfAnAgentHaveTheNamesAndAttributesOfTheConventions() {
        var model = ScriptedModel.of("Hello.").id("gpt").provider("openai");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var output = agent(runs, model).run("Hi", RunOptions.defaults().sessionId("s1"));
            assertThat(output.isCompleted()).isTrue();
        }
        var run = recorded.span("invoke_agent Helper");
        assertThat(run.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(run.getStatus()).isEqualTo(StatusData.unset());
        assertThat(run.getAttributes().get(OPERATION_NAME)).isEqualTo("invoke_agent");
        assertThat(run.getAttributes().get(AGENT_NAME)).isEqualTo("Helper");
        assertThat(run.getAttributes().get(CONVERSATION_ID)).isEqualTo("s1");
        assertThat(run.getAttributes().get(RUN_STATUS)).isEqualTo("COMPLETED");
        assertThat(run.getAttributes().get(RUN_ID)).isNotNull();
        var chat = recorded.span("chat gpt");
        assertThat(chat.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(chat.getAttributes().get(OPERATION_NAME)).isEqualTo("chat");
        assertThat(chat.getAttributes().get(PROVIDER_NAME)).isEqualTo("openai");
        assertThat(chat.getAttributes().get(REQUEST_MODEL)).isEqualTo("gpt");
        assertThat(chat.getAttributes().get(FINISH_REASONS)).hasSize(1);
        assertThat(chat.getAttributes().get(INPUT_TOKENS)).isPositive();
        assertThat(chat.getAttributes().get(OUTPUT_TOKENS)).isPositive();
        assertThat(chat.getEndEpochNanos()).isBetween(chat.getStartEpochNanos(), run.getEndEpochNanos());
        assertThat(recorded.path(chat)).isEqualTo("chat gpt < invoke_agent Helper");
    }

    @Test
    void streamedRunHasTheSameSpansBelowTheSpanOfTheCaller() {
        var caller = recorded.tracer().spanBuilder("caller").startSpan();
        try (var runs = Runs.create();
                var _ = caller.makeCurrent()) {
            telemetry.observe(runs);
            try (var stream = agent(runs, ScriptedModel.of("Hello.").id("gpt")).stream("Hi")) {
                stream.forEach(_ -> {});
            }
        }
        caller.end();
        assertThat(recorded.path("chat gpt")).isEqualTo("chat gpt < invoke_agent Helper < caller");
    }

    @Test
    void spanOfTheUsersInAToolIsBelowTheSpanOfTheTool() {
        var model = ScriptedModel.create()
                .toolCall("lookup", "{\"key\": \"a\"}")
                .answer("Done.")
                .id("gpt");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            agent(runs, model).run("Hi");
        }
        assertThat(recorded.path("own")).isEqualTo("own < execute_tool lookup < invoke_agent Helper");
        var tool = recorded.span("execute_tool lookup").getAttributes();
        assertThat(tool.get(TOOL_NAME)).isEqualTo("lookup");
        assertThat(tool.get(TOOL_CALL_ID)).isNotNull();
        assertThat(recorded.named("chat gpt"))
                .hasSize(2)
                .allSatisfy(chat -> assertThat(recorded.path(chat)).isEqualTo("chat gpt < invoke_agent Helper"));
    }

    @Test
    void membersOfATeamAreBelowTheToolCallThatStartedThem() {
        var leader = ScriptedModel.create()
                .toolCall("delegate_task_to_members", "{\"task\": \"work\"}")
                .answer("Done.");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            Team.builder()
                    .name("Crew")
                    .runs(runs)
                    .model(leader)
                    .mode(TeamMode.BROADCAST)
                    .members(
                            Agent.builder()
                                    .name("Ann")
                                    .model(ScriptedModel.of("A").id("a"))
                                    .build(),
                            Agent.builder()
                                    .name("Bob")
                                    .model(ScriptedModel.of("B").id("b"))
                                    .build())
                    .build()
                    .run("Go");
        }
        var above = " < execute_tool delegate_task_to_members < invoke_agent Crew";
        assertThat(recorded.path("chat a")).isEqualTo("chat a < invoke_agent Ann" + above);
        assertThat(recorded.path("chat b")).isEqualTo("chat b < invoke_agent Bob" + above);
    }

    @Test
    void stepsAndBranchesOfAWorkflowAreBelowIt() {
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            Workflow.builder()
                    .name("Flow")
                    .runs(runs)
                    .steps(Parallel.of(
                            "both",
                            Step.of("think", agent(runs, ScriptedModel.of("A").id("a"))),
                            Step.of("count", input -> {
                                recorded.tracer().spanBuilder("own").startSpan().end();
                                return StepOutput.of("1");
                            })))
                    .build()
                    .run("Go");
        }
        assertThat(recorded.path("chat a")).isEqualTo("chat a < invoke_agent Helper < invoke_workflow Flow");
        assertThat(recorded.span("invoke_agent Helper").getAttributes().get(STEP_NAME))
                .isEqualTo("think");
        assertThat(recorded.path("own")).isEqualTo("own < step count < invoke_workflow Flow");
        assertThat(recorded.span("invoke_workflow Flow").getAttributes().get(OPERATION_NAME))
                .isEqualTo("invoke_workflow");
    }

    @Test
    void stopBeforeTheFirstTokenIsNoError() throws Exception {
        var model = ScriptedModel.create().waitsForever().id("gpt");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var handle = agent(runs, model).start("Hi");
            model.awaitWaiting(1);
            handle.cancel(CancelRequest.now().reason("changed my mind"));
            handle.await();
        }
        for (var name : List.of("chat gpt", "invoke_agent Helper")) {
            assertThat(recorded.span(name).getStatus()).isEqualTo(StatusData.unset());
            assertThat(recorded.span(name).getAttributes().get(ERROR_TYPE)).isNull();
        }
        assertThat(recorded.span("chat gpt").getAttributes().get(CALL_OUTCOME)).isEqualTo("CANCELLED");
        var run = recorded.span("invoke_agent Helper").getAttributes();
        assertThat(run.get(RUN_STATUS)).isEqualTo("CANCELLED");
        assertThat(run.get(CANCEL_KIND)).isEqualTo("USER");
        assertThat(run.get(CANCEL_REASON)).isEqualTo("changed my mind");
        assertThat(run.get(CANCEL_TOOK_MS)).isNotNegative();
    }

    @Test
    void toolThatFailsIsAnErrorAndTheRunIsNot() {
        var model = ScriptedModel.create().toolCall("broken", "{}").answer("Sorry.");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            agent(runs, model).run("Hi");
        }
        var tool = recorded.span("execute_tool broken");
        assertThat(tool.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(tool.getAttributes().get(ERROR_TYPE)).isEqualTo("IllegalArgumentException");
        assertThat(recorded.span("invoke_agent Helper").getStatus()).isEqualTo(StatusData.unset());
    }

    @Test
    void eachAttemptOfAModelRequestHasASpanAndTheFailedOneItsKind() {
        var model = ScriptedModel.create()
                .fails(new ModelException(ModelException.Kind.RATE_LIMIT, "busy"))
                .answer("Hello.")
                .id("gpt");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            agent(runs, model).run("Hi");
        }
        var chats = recorded.named("chat gpt");
        assertThat(chats)
                .extracting(span -> span.getAttributes().get(ERROR_TYPE))
                .containsExactly("rate_limit", null);
        assertThat(chats.getFirst().getStatus()).isEqualTo(StatusData.error());
        assertThat(recorded.span("invoke_agent Helper").getStatus()).isEqualTo(StatusData.unset());
    }

    @Test
    void runThatFailsIsAnErrorWithoutTheMessageOfTheFailure() {
        var model = ScriptedModel.create()
                .fails(new ModelException(ModelException.Kind.AUTHENTICATION, "secret"))
                .id("gpt");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            agent(runs, model).run("Hi");
        }
        var run = recorded.span("invoke_agent Helper");
        assertThat(run.getStatus()).isEqualTo(StatusData.error());
        assertThat(run.getAttributes().get(ERROR_TYPE)).isEqualTo("authentication");
        assertThat(run.getAttributes().get(RUN_STATUS)).isEqualTo("ERROR");
    }

    @Test
    void spanOfARunEndsAtItsPauseAndTheNextOneIsLinkedToIt() throws Exception {
        var model = ScriptedModel.create().toolCall("pay", "{}").answer("Done.");
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var agent = agent(runs, model);
            var paused = agent.run("Pay");
            assertThat(paused.isPaused()).isTrue();
            await().untilAsserted(() -> assertThat(
                            recorded.span("invoke_agent Helper").getAttributes().get(RUN_STATUS))
                    .isEqualTo("PAUSED"));
            var asked = paused.requirements().getFirst();
            agent.continueRun(paused.runId(), Decision.confirm(asked.id())).await();
        }
        var spans = recorded.named("invoke_agent Helper");
        assertThat(spans)
                .extracting(span -> span.getAttributes().get(RUN_STATUS))
                .containsExactly("PAUSED", "COMPLETED");
        assertThat(spans.getLast().getLinks())
                .extracting(link -> link.getSpanContext().getSpanId())
                .containsExactly(spans.getFirst().getSpanId());
        assertThat(recorded.span("execute_tool pay").getParentSpanId())
                .isEqualTo(spans.getLast().getSpanId());
        assertThat(telemetry.liveRuns()).isZero();
    }

    @Test
    void runThatIsStoppedWhileItWaitsEndsWithALinkedSpan() {
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            var agent = agent(runs, ScriptedModel.create().toolCall("pay", "{}"));
            var paused = agent.run("Pay");
            await().until(() -> recorded.names().contains("invoke_agent Helper"));
            assertThat(agent.cancelRun(paused.runId())).isTrue();
        }
        assertThat(recorded.named("invoke_agent Helper"))
                .extracting(span -> span.getAttributes().get(RUN_STATUS))
                .containsExactly("PAUSED", "CANCELLED");
    }

    @Test
    void contentIsRecordedOnlyWhenAskedForAndIsCut() {
        run(Telemetry.of(recorded.sdk), "secret question");
        assertThat(recorded.spans().toString()).contains("invoke_agent").doesNotContain("secret");

        run(Telemetry.builder(recorded.sdk).content(true).build(), "secret question");
        var attributes = recorded.named("invoke_agent Helper").getLast().getAttributes();
        assertThat(attributes.get(INPUT_MESSAGES))
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"secret question\"}]}]");
        assertThat(attributes.get(OUTPUT_MESSAGES)).contains("tool_call_response", "secret result", "secret answer");

        run(Telemetry.builder(recorded.sdk).content(true).maxContent(4).build(), "abc\uD83D\uDE00def");
        attributes = recorded.named("invoke_agent Helper").getLast().getAttributes();
        assertThat(attributes.get(INPUT_MESSAGES)).contains("\"abc\"");
        assertThat(attributes.get(OUTPUT_MESSAGES)).doesNotContain("secret");
    }

    private void run(Telemetry observer, String question) {
        var model = ScriptedModel.create()
                .toolCall("lookup", "{\"key\": \"secret\"}")
                .answer("secret answer");
        try (var runs = Runs.create()) {
            observer.observe(runs);
            agent(runs, model).run(question);
        }
    }

    @Test
    void observedTwiceARunHasOneSpan() {
        var model = ScriptedModel.create()
                .toolCall("delegate_task_to_member", "{\"member_id\": \"ann\", \"task\": \"work\"}")
                .answer("Done.");
        var ann = telemetry
                .observe(Agent.builder().name("Ann"))
                .model(ScriptedModel.of("A").id("a"))
                .build();
        try (var runs = Runs.create()) {
            telemetry.observe(runs);
            telemetry
                    .observe(Team.builder().name("Crew").runs(runs))
                    .model(model)
                    .members(ann)
                    .build()
                    .run("Go");
        }
        assertThat(recorded.path("chat a"))
                .isEqualTo("chat a < invoke_agent Ann < execute_tool delegate_task_to_member < invoke_agent Crew");
        assertThat(recorded.named("invoke_agent Crew")).hasSize(1);
        assertThat(telemetry.liveRuns()).isZero();
    }

    @Test
    void runsAfterTheRegistrationIsClosedAreNotObserved() {
        try (var runs = Runs.create()) {
            telemetry.observe(runs).close();
            agent(runs, ScriptedModel.of("Hello.")).run("Hi");
        }
        assertThat(recorded.spans()).isEmpty();
        assertThat(telemetry.liveRuns()).isZero();
    }

    private Agent agent(Runs runs, ScriptedModel model) {
        return Agent.builder()
                .name("Helper")
                .runs(runs)
                .model(model)
                .tools(new Tools())
                .build();
    }
}
