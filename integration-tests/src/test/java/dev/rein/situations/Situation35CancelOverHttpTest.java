package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.os.AgentOS;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Situation35CancelOverHttpTest {
    private final CountDownLatch listening = new CountDownLatch(1);
    private final ScriptedModel model =
            ScriptedModel.of(Script.text("one two ").thenHang()).repeating();

    /** A model that does not listen until the test lets it. */
    private final ScriptedModel deaf = ScriptedModel.create().answerWith((_, call) -> {
        call.text("one");
        Waiting.deaf(listening);
        return ModelResponse.of("one");
    });

    private final AgentOS os = AgentOS.builder()
            .name("Situations")
            .port(0)
            .agents(
                    Agent.builder().name("Talker").model(model).build(),
                    Agent.builder().name("Deaf").model(deaf).build(),
                    Agent.builder().name("Other").model(model).build())
            .build()
            .start();

    @AfterEach
    void close() {
        listening.countDown();
        os.close();
    }

    private JsonNode cancel(String agent, String runId, String form) {
        try (var answer = RawHttp.post(os.port(), "/agents/" + agent + "/runs/" + runId + "/cancel", form)) {
            assertThat(answer.status()).isEqualTo(200);
            return answer.json();
        }
    }

    private int statusOfCancel(String path) {
        try (var answer = RawHttp.post(os.port(), path, "")) {
            return answer.status();
        }
    }

    private static void assertAnswer(JsonNode answer, String result, boolean effective) {
        assertThat(answer.path("result").asText()).isEqualTo(result);
        assertThat(answer.path("effective").asBoolean()).isEqualTo(effective);
    }

    @Test
    void thrice() {
        try (var events = RawHttp.post(os.port(), "/agents/deaf/runs", "message=hi")) {
            var runId = events.until("RunContent").text("run_id");
            assertAnswer(cancel("deaf", runId, ""), "requested", true);
            assertAnswer(cancel("deaf", runId, "mode=now"), "already_requested", false);
            listening.countDown();
            assertThat(events.rest())
                    .extracting(RawHttp.Frame::event)
                    .endsWith("RunCancelled", "RunCompleted")
                    .containsOnlyOnce("RunCancelled");
            assertAnswer(cancel("deaf", runId, ""), "already_finished", false);
        }
    }

    @Test
    void aStrongerModeIsEffective() {
        try (var events = RawHttp.post(os.port(), "/agents/deaf/runs", "message=hi")) {
            var runId = events.until("RunContent").text("run_id");
            assertAnswer(cancel("deaf", runId, "mode=after_turn"), "requested", true);
            assertAnswer(cancel("deaf", runId, "mode=now&reason=enough"), "requested", true);
            listening.countDown();
            assertThat(events.until("RunCancelled")).isNotNull();
        }
    }

    @Test
    void aFinishedOne() {
        String runId;
        try (var events = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi&on_disconnect=continue")) {
            runId = events.until("RunContent").text("run_id");
            assertThat(cancel("talker", runId, "wait=10000").path("status").asText())
                    .isEqualTo("CANCELLED");
        }
    }

    @Test
    void anUnknownAndAForeignOne() {
        assertThat(statusOfCancel("/agents/talker/runs/nobody/cancel")).isEqualTo(404);
        assertThat(statusOfCancel("/agents/nobody/runs/x/cancel")).isEqualTo(404);
        try (var events = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi")) {
            var runId = events.until("RunContent").text("run_id");
            assertThat(statusOfCancel("/agents/other/runs/" + runId + "/cancel"))
                    .isEqualTo(404);
            assertThat(statusOfCancel("/agents/talker/runs/" + runId + "/cancel?session_id=another"))
                    .isEqualTo(404);
            assertAnswer(cancel("talker", runId, ""), "requested", true);
            listening.countDown();
            assertThat(events.until("RunCancelled")).isNotNull();
        }
    }

    @Test
    void aStopThatComesBeforeItsRunIsKeptForTheSameComponentOnly() {
        listening.countDown();
        assertThat(statusOfCancel("/agents/talker/runs/later/cancel")).isEqualTo(404);
        try (var other = RawHttp.post(os.port(), "/agents/other/runs", "message=hi&run_id=later")) {
            assertThat(other.until("RunContent").text("run_id")).isEqualTo("later");
        }
        try (var stopped = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi&run_id=later2")) {
            stopped.until("RunContent");
        }
        assertThat(statusOfCancel("/agents/talker/runs/later3/cancel")).isEqualTo(404);
        try (var stopped = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi&run_id=later3")) {
            assertThat(stopped.rest())
                    .extracting(RawHttp.Frame::event)
                    .containsExactly("RunStarted", "RunCancelled", "RunCompleted");
        }
    }
}
