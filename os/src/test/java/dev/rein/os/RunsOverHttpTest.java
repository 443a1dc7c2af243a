package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.model.Image;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsOverHttpTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .name("Test OS")
            .port(0)
            .agents(Agent.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Plain Agent")
                    .model(model)
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    @Test
    void aRunIsStreamedToItsEnd() {
        model.answer("Hello world");
        var answer = http.post("/agents/plain-agent/runs", "message", "hi", "stream", "True");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.events())
                .startsWith("RunStarted", "ModelRequestStarted")
                .endsWith("RunCompleted");
    }

    @Test
    void aRunWithoutStreamingIsAnsweredInFull() {
        model.answer("Hello world");
        var answer = http.post("/agents/plain-agent/runs", "message", "hi", "stream", "false");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("run_id").asText()).isNotEmpty();
    }

    @Test
    void cancelStopsAStreamedRun() {
        model.answer(Script.text("one two ").thenHang());
        try (var events = http.open("/agents/plain-agent/runs", "message", "hi")) {
            var runId = events.until("RunContent").data().path("run_id").asText();
            var answer = http.post("/agents/plain-agent/runs/" + runId + "/cancel");
            assertThat(answer.json().path("result").asText()).isEqualTo("requested");
            assertThat(answer.json().path("effective").asBoolean()).isTrue();
            assertThat(events.rest())
                    .extracting(TestClient.Frame::event)
                    .endsWith("RunCancelled", "RunCompleted")
                    .containsOnlyOnce("RunCancelled");
        }
    }

    @Test
    void aDisconnectCancelsTheRun() {
        model.answer(Script.text("one two ").thenHang());
        String runId;
        try (var events = http.open("/agents/plain-agent/runs", "message", "hi")) {
            runId = events.until("RunContent").data().path("run_id").asText();
        }
        await().until(() -> Runs.shared().find(runId).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"cancel,false", "cancel,true", "cancel_after,false", "cancel_after,true"})
    void disconnectPoliciesOtherThanContinueRequireAStream(String policy, String background) {
        var answer = http.post(
                "/agents/plain-agent/runs",
                "message",
                "hi",
                "stream",
                "false",
                "background",
                background,
                "on_disconnect",
                policy);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText()).startsWith("on_disconnect=" + policy + " needs stream=true");
        assertThat(model.requests()).isEmpty();
        assertThat(http.get("/openapi.json").body()).contains("Without a stream a disconnect can't be detected");
    }

    @Test
    void thePolicyContinueNeedsNoStream() {
        model.answer("Hello world");
        var answer =
                http.post("/agents/plain-agent/runs", "message", "hi", "stream", "false", "on_disconnect", "continue");
        assertThat(answer.json().path("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void fieldsOfUnsupportedFeaturesAreIgnored() {
        model.answer("Hello world");
        var answer = http.post(
                "/agents/plain-agent/runs",
                "message",
                "hi",
                "stream",
                "false",
                "knowledge_filters",
                "{\"a\": 1}",
                "factory_input",
                "{\"a\": 1}",
                "version",
                "7",
                "no_field_of_anybody",
                "x");
        assertThat(answer.json().path("status").asText()).isEqualTo("COMPLETED");
        assertThat(answer.json().path("content").asText()).isEqualTo("Hello world");
    }

    @Test
    void invalidRequestsAreAnsweredAsInTheReference() {
        assertThat(http.json("POST", "/agents/plain-agent/runs", "{\"message\":\"hi\"}"))
                .returns(422, TestClient.Answer::status)
                .returns(
                        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"message\"],\"msg\":\"Field"
                                + " required\",\"input\":null}]}",
                        TestClient.Answer::body);
        assertThat(http.get("/zzz").body()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(http.post("/agents/nope/runs", "message", "hi").body())
                .isEqualTo("{\"detail\":\"Agent not found\"}");
        assertThat(http.json("PUT", "/health", "").status()).isEqualTo(405);
        assertThat(http.get("/health/").status()).isEqualTo(200);
    }

    @Test
    void theIdIsDerivedFromTheName() {
        assertThat(http.get("/info").json().path("os_id").asText()).isEqualTo("7a630752-668f-5a46-ade0-36d02667c655");
    }

    @Test
    void readableFilesAreSentToTheModel() {
        model.answer("Read it.");
        var picture = "iVBORw0KGgo=";
        var answer = http.post(
                "/agents/plain-agent/runs",
                "message",
                "Look:",
                "stream",
                "false",
                "input_files",
                "[{\"filename\":\"a.txt\",\"mime_type\":\"text/plain\",\"content\":\"hello\"},"
                        + "{\"filename\":\"b.md\",\"content\":\"# hi\"},"
                        + "{\"filename\":\"c.png\",\"content\":\"" + picture + "\"}]",
                "images",
                "[{\"format\":\"jpeg\",\"content\":\"" + picture + "\"}]");
        assertThat(answer.status()).isEqualTo(200);
        var asked = model.request(1).messages().getLast();
        assertThat(asked.content()).isEqualTo("Look:\n\na.txt:\nhello\n\nb.md:\n# hi");
        assertThat(asked.images())
                .extracting(Image::url)
                .containsExactly("data:image/jpeg;base64," + picture, "data:image/png;base64," + picture);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audio|[{\"content\":\"YWJj\",\"format\":\"wav\"}]|400|Unsupported file type: audio.wav is audio/wav; this",
                "videos|[{\"url\":\"https://example.com/a.mp4\"}]|400|The video has no content: addresses are not loaded",
                "input_files|[{\"url\":\"https://example.com/a.pdf\"}]|400|The file in input_files has no content: addresses are not",
                "input_files|[1]|422|Invalid input_files: expected a JSON array of objects",
                "audio|x|422|Invalid audio: expected a JSON array of objects"
            })
    void filesThatNoModelWouldGetAreRefused(String field, String value, int status, String detail) {
        assertThat(http.post("/agents/plain-agent/runs", "message", "hi", "stream", "false", field, value))
                .returns(status, TestClient.Answer::status)
                .satisfies(answer -> assertThat(answer.body()).startsWith("{\"detail\":\"" + detail));
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void storedEventsOfARunAreReplayed() {
        var store = new InMemorySessionStore();
        String runId;
        try (var first = served(store)) {
            model.answer("Hello world");
            var answer = new TestClient(first).post("/agents/plain-agent/runs", "message", "hi", "session_id", "s");
            runId = answer.frames().getFirst().data().path("run_id").asText();
        }
        try (var second = served(store)) {
            var client = new TestClient(second);
            var resume = "/agents/plain-agent/runs/" + runId + "/resume";
            var all = client.post(resume);
            assertThat(all.events())
                    .containsExactly(
                            "replay",
                            "RunStarted",
                            "ModelRequestStarted",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunCompleted");
            assertThat(all.frames().getFirst().data().path("total_events").asInt())
                    .isEqualTo(5);
            var index = all.frames().get(3).data().path("event_index").asText();
            assertThat(client.post(resume, "last_event_index", index).events())
                    .containsExactly("replay", "RunContentCompleted", "RunCompleted");
            var run = client.get("/agents/plain-agent/runs/" + runId + "?session_id=s")
                    .json();
            assertThat(run.path("content").asText()).isEqualTo("Hello world");
            assertThat(run.path("events")).hasSize(5);
            assertThat(client.post("/agents/plain-agent/runs/nope/resume").body())
                    .isEqualTo("event: error\n"
                            + "data: {\"event\": \"error\", \"error\": \"Run nope not found in buffer or"
                            + " database\"}\n\n");
        }
    }

    private AgentOS served(InMemorySessionStore store) {
        return AgentOS.builder()
                .port(0)
                .store(store)
                .agents(Agent.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Plain Agent")
                        .model(model)
                        .build())
                .build()
                .start();
    }

    @Test
    void anEndedRunIsFoundOnlyUnderTheKindOfComponentThatRanIt() {
        model.answer("Hello world");
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Twin")
                .model(model)
                .build();
        var team = Team.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Twin")
                .model(model)
                .members(agent)
                .build();
        try (var twins = AgentOS.builder()
                .port(0)
                .store(store)
                .agents(agent)
                .teams(team)
                .build()
                .start()) {
            var client = new TestClient(twins);
            var run = client.post(
                            "/agents/twin/runs",
                            "message",
                            "hi",
                            "background",
                            "true",
                            "stream",
                            "false",
                            "session_id",
                            "s1")
                    .json()
                    .path("run_id")
                    .asText();
            await().until(() -> store.run(run).orElseThrow().status().isTerminal());
            assertThat(client.get("/agents/twin/runs/" + run + "?session_id=s1").status())
                    .isEqualTo(200);
            assertThat(client.get("/teams/twin/runs/" + run + "?session_id=s1").status())
                    .isEqualTo(404);
        }
    }
}
