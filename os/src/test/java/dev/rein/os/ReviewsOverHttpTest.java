package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.OnReject;
import dev.rein.workflow.OnTimeout;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Confirmations of composite steps and reviews of outputs, as clients see and answer them. */
class ReviewsOverHttpTest {
    private final List<String> done = new ArrayList<>();
    private final List<AgentOS> servers = new ArrayList<>();

    private Step noting(String name) {
        return Step.of(name, input -> {
            done.add(name);
            return StepOutput.of(name);
        });
    }

    private TestClient serve(WorkflowStep... steps) {
        var os = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .workflows(Workflow.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Flow")
                        .steps(steps)
                        .build())
                .build()
                .start();
        servers.add(os);
        return new TestClient(os);
    }

    @AfterEach
    void close() {
        servers.forEach(AgentOS::close);
    }

    private static TestClient.Answer start(TestClient http) {
        return http.post("/workflows/flow/runs", "message", "go", "session_id", "s");
    }

    private static JsonNode asked(TestClient.Answer answer) {
        var last = answer.frames().getLast();
        assertThat(last.event()).isEqualTo("WorkflowPaused");
        assertThat(last.data().path("step_requirements")).hasSize(1);
        return last.data().path("step_requirements").get(0);
    }

    private static TestClient.Answer answer(TestClient http, TestClient.Answer paused, Consumer<ObjectNode> decision) {
        var asked = (ObjectNode) asked(paused).deepCopy();
        decision.accept(asked);
        var runId = paused.frames().getLast().data().path("run_id").asText();
        return http.post(
                "/workflows/flow/runs/" + runId + "/continue",
                "session_id",
                "s",
                "step_requirements",
                "[" + asked + "]");
    }

    @Test
    void anOutputIsRejectedWithFeedbackChangedAndAccepted() {
        var model = ScriptedModel.of(Script.text("A long story."), Script.text("A story."));
        var writer = Agent.builder().name("Writer").model(model).build();
        var http = serve(
                Step.of("write", writer).review("Good?").reviewTimeout(Duration.ofHours(8), OnTimeout.APPROVE),
                Step.of("publish", input -> StepOutput.of("Published: " + input.text())));
        var paused = start(http);
        assertThat(paused.events()).endsWith("StepCompleted", "StepOutputReview", "WorkflowPaused");
        var event = paused.frames().get(paused.frames().size() - 2).data();
        assertThat(event.path("output_review_message").asText()).isEqualTo("Good?");
        assertThat(event.path("requires_output_review").asBoolean()).isTrue();
        assertThat(event.path("step_name").asText()).isEqualTo("write");
        var asked = asked(paused);
        assertThat(asked.path("requires_output_review").asBoolean()).isTrue();
        assertThat(asked.path("output_review_message").asText()).isEqualTo("Good?");
        assertThat(asked.path("requires_confirmation").asBoolean()).isTrue();
        assertThat(asked.path("is_post_execution").asBoolean()).isTrue();
        assertThat(asked.path("on_reject").asText()).isEqualTo("retry");
        assertThat(asked.path("on_timeout").asText()).isEqualTo("approve");
        assertThat(asked.path("timeout_at").isTextual()).isTrue();
        assertThat(asked.path("retry_count").asInt()).isZero();
        assertThat(asked.path("max_retries").asInt()).isEqualTo(3);
        assertThat(asked.path("step_output").path("content").asText()).isEqualTo("A long story.");
        assertThat(asked.path("step_output").path("executor_name").asText()).isEqualTo("Writer");

        var again = answer(http, paused, given -> given.put("confirmed", false).put("rejection_feedback", "shorter"));
        assertThat(again.events())
                .startsWith("StepContinued", "StepStarted")
                .endsWith("StepOutputReview", "WorkflowPaused");
        assertThat(asked(again).path("retry_count").asInt()).isEqualTo(1);
        assertThat(asked(again).path("step_output").path("content").asText()).isEqualTo("A story.");
        assertThat(model.requests().getLast().messages().getLast().content())
                .endsWith("Feedback from reviewer:\nshorter");

        var end = answer(http, again, given -> given.put("confirmed", true).put("edited_output", "The story."));
        assertThat(end.events()).startsWith("StepContinued", "StepStarted").endsWith("WorkflowCompleted");
        assertThat(end.frames().getLast().data().path("content").asText()).isEqualTo("Published: The story.");
        assertThat(end.frames()
                        .getLast()
                        .data()
                        .path("step_results")
                        .get(0)
                        .path("content")
                        .asText())
                .isEqualTo("The story.");
    }

    @Test
    void aRejectedConditionExecutesItsOtherSteps() {
        var http = serve(Condition.of("if", _ -> true, noting("then"))
                .otherwise(noting("else"))
                .confirm("May it?"));
        var paused = start(http);
        assertThat(paused.events()).endsWith("StepPaused", "WorkflowPaused");
        assertThat(asked(paused).path("step_type").asText()).isEqualTo("Condition");
        assertThat(asked(paused).path("on_reject").asText()).isEqualTo("else");
        assertThat(asked(paused).path("requires_output_review").asBoolean()).isFalse();
        assertThat(asked(paused).has("step_output")).isFalse();
        var end = answer(http, paused, given -> given.put("confirmed", false));
        assertThat(end.events()).endsWith("WorkflowCompleted");
        assertThat(done).containsExactly("else");
    }

    @Test
    void aRejectionCancelsTheRun() {
        var http = serve(Loop.of("loop", noting("inner")).confirm("May it?").onReject(OnReject.CANCEL), noting("last"));
        var paused = start(http);
        assertThat(asked(paused).path("step_type").asText()).isEqualTo("Loop");
        assertThat(asked(paused).path("on_reject").asText()).isEqualTo("cancel");
        var end = answer(http, paused, given -> given.put("confirmed", false).put("rejection_feedback", "never"));
        assertThat(end.events()).containsExactly("StepContinued", "WorkflowCancelled", "WorkflowCompleted");
        assertThat(end.frames().get(1).data().path("reason").asText())
                .isEqualTo("step \"loop\" was not allowed: never");
        assertThat(done).isEmpty();
    }

    @Test
    void anUnansweredReviewStaysAndACancelEndsIt() {
        var http = serve(noting("inner").review("Good?"), noting("last"));
        var paused = start(http);
        var same = answer(http, paused, _ -> {});
        assertThat(same.events()).containsExactly("WorkflowPaused");
        assertThat(asked(same)).isEqualTo(asked(paused));
        var runId = paused.frames().getLast().data().path("run_id").asText();
        var path = "/workflows/flow/runs/" + runId;
        var stop = http.post(path + "/cancel", "wait", "5000");
        assertThat(stop.json().path("status").asText()).isEqualTo("CANCELLED");
        assertThat(answer(http, paused, given -> given.put("confirmed", true)).status())
                .isEqualTo(409);
        var run = http.get(path + "?session_id=s").json();
        assertThat(run.path("cancellation_stage").asText()).isEqualTo("PAUSED");
        assertThat(run.path("content").asText()).isEqualTo("inner");
        assertThat(done).containsExactly("inner");
    }

    @Test
    void theReviewOfANestedWorkflowIsAnsweredThroughItsStep() {
        var inner = Workflow.builder()
                .name("Inner")
                .steps(noting("inner").review("Good?"))
                .build();
        var http = serve(Step.of("nested", inner));
        var paused = start(http);
        var nested = asked(paused).path("executor_requirements").path(0);
        assertThat(nested.path("step_output").path("content").asText()).isEqualTo("inner");
        var end = answer(
                http,
                paused,
                given -> ((ObjectNode) given.path("executor_requirements").get(0))
                        .put("confirmation", true)
                        .put("edited_output", "better"));
        assertThat(end.frames().getLast().data().path("content").asText()).isEqualTo("better");
    }

    @Test
    void aTimeOutEndsTheWaitOfAServer() {
        var http = serve(noting("inner").review("Good?").reviewTimeout(Duration.ofMillis(20), OnTimeout.SKIP));
        var runId = start(http).frames().getLast().data().path("run_id").asText();
        org.awaitility.Awaitility.await()
                .until(() -> http.get("/workflows/flow/runs/" + runId + "?session_id=s")
                        .json()
                        .path("status")
                        .asText()
                        .equals("COMPLETED"));
    }
}
