package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.agent.Agent;
import dev.rein.queue.DurableOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs in the background of a server whose runs are durable. */
@Timeout(120)
class DurableOverHttpTest {
    private static final String RUNS = "/agents/clerk/runs";

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScriptedModel model = ScriptedModel.create();

    /** A server with runs and a store of its own, as another process has. */
    private TestClient server(DurableOptions options, ScriptedModel answering) {
        var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        var runs = Runs.create();
        open.add(0, store);
        open.add(0, runs);
        return new TestClient(started(AgentOS.builder()
                .runs(runs)
                .store(store)
                .agents(agent("Clerk", runs, answering), agent("Porter", runs, answering))
                .limits(ServerLimits.standard().backgroundRuns(1))
                .durable(options)));
    }

    private AgentOS started(AgentOSBuilder builder) {
        var os = builder.port(0).drain(Duration.ZERO).build().start();
        open.add(0, os);
        return os;
    }

    private static Agent agent(String name, Runs runs, ScriptedModel model) {
        return Agent.builder().name(name).runs(runs).model(model).build();
    }

    @AfterEach
    void close() throws Exception {
        for (var each : List.copyOf(open)) {
            each.close();
        }
    }

    private static TestClient.Answer post(TestClient http, String path, String key, String... form) {
        var request = http.formRequest(path, form);
        if (key == null) {
            return http.send(request);
        }
        return http.send(http.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(TestClient.form(form)))
                .build());
    }

    private static TestClient.Answer background(TestClient http, String key, String... more) {
        var form =
                new ArrayList<>(List.of("message", "Go", "session_id", "s1", "stream", "false", "background", "true"));
        form.addAll(List.of(more));
        return post(http, RUNS, key, form.toArray(String[]::new));
    }

    private static String id(TestClient.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().path("run_id").asText();
    }

    private static String awaitStatus(TestClient http, String id, String status) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> http.get(RUNS + "/" + id + "?session_id=s1")
                        .json()
                        .path("status")
                        .asText()
                        .equals(status));
        return http.get(RUNS + "/" + id + "?session_id=s1").body();
    }

    @Test
    void aRunThatItsServerLeavesIsExecutedByTheNextOne() throws Exception {
        var first = server(
                DurableOptions.defaults(), model.answer(Script.text("half ").thenHang()));
        var id = id(background(first, null));
        model.awaitWaiting(1);
        close();
        open.clear();

        var next = server(DurableOptions.defaults(), ScriptedModel.create().answer("The whole answer"));
        assertThat(awaitStatus(next, id, "COMPLETED"))
                .contains("The whole answer")
                .doesNotContain("rein.durable");
        assertThat(next.get("/config").json().at("/queue/durable").asBoolean()).isTrue();
    }

    @Test
    void aServerThatClosesLeavesTheRunsOfOtherStores() throws Exception {
        var runs = Runs.create();
        open.add(runs);
        var clients = new ArrayList<TestClient>();
        var servers = new ArrayList<AgentOS>();
        for (var file : List.of("one.db", "two.db")) {
            var store = JdbcSessionStore.sqlite(folder.resolve(file));
            open.add(0, store);
            var os = started(AgentOS.builder()
                    .runs(runs)
                    .store(store)
                    .agents(agent("Clerk", runs, model.answer(Script.text("x").thenHang())))
                    .durable(DurableOptions.defaults()));
            servers.add(os);
            clients.add(new TestClient(os));
        }
        var id = id(background(clients.getFirst(), null));
        model.awaitWaiting(1);
        servers.getLast().close();
        assertThat(clients.getFirst()
                        .get("/queue/jobs/" + id)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("running");
        servers.getFirst().close();
        assertThat(runs.live()).isEmpty();
    }

    @Test
    void theSameKeyIsTheSameRun() {
        var http = server(DurableOptions.defaults(), model.answer("One").answer("Two"));
        var first = id(background(http, "key-1"));
        awaitStatus(http, first, "COMPLETED");
        var again = background(http, "key-1", "session_id", "another");
        assertThat(id(again)).isEqualTo(first);
        assertThat(again.json().path("status").asText()).isEqualTo("COMPLETED");
        assertThat(again.json().path("session_id").asText()).isEqualTo("s1");

        var other = id(background(http, "key-1", "user_id", "ann"));
        assertThat(other).as("keys are those of a user").isNotEqualTo(first);
        awaitStatus(http, other, "COMPLETED");
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void aKeyIsRefusedForAnotherKindOfRequest() {
        var http = server(DurableOptions.defaults(), model.answer("One"));
        var first = id(background(http, "key-1"));
        assertThat(post(http, "/agents/porter/runs", "key-1", "message", "Go", "stream", "false", "background", "true"))
                .returns(409, TestClient.Answer::status)
                .satisfies(answer -> assertThat(answer.body()).contains("different component"));
        assertThat(post(http, RUNS, "key-1", "message", "Go", "session_id", "s1", "background", "true"))
                .returns(409, TestClient.Answer::status)
                .satisfies(answer -> assertThat(answer.body()).contains("non-streaming submission; poll run " + first));
        assertThat(background(http, "k".repeat(513)).status()).isEqualTo(422);
    }

    @Test
    void aFullQueueAnswers429() {
        var http = server(
                DurableOptions.defaults().maxQueued(1),
                model.answer(Script.text("x").thenHang()));
        id(background(http, null));
        model.awaitWaiting(1);
        var queued = id(background(http, null));
        var refused = background(http, null);
        assertThat(refused.status()).as(refused.body()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");

        assertThat(http.get("/sessions/s1/runs").body()).contains(queued);
        assertThat(http.get("/sessions/s1/run-previews").body()).contains(queued);
        assertThat(http.post(RUNS + "/" + queued + "/cancel", "session_id", "s1")
                        .status())
                .isEqualTo(200);
        assertThat(awaitStatus(http, queued, "CANCELLED")).contains("\"cancellation_stage\":\"PENDING\"");
        id(background(http, null));
    }

    @Test
    void aStreamHasAllEventsOfTheRun() {
        var http = server(DurableOptions.defaults(), model.answer(Script.tokens("one ", "two ")));
        var answer = post(http, RUNS, "key-1", "message", "Go", "session_id", "s1", "background", "true");
        assertThat(answer.events())
                .startsWith("RunStarted")
                .contains("RunContent")
                .endsWith("RunCompleted");
        var last = answer.frames().getLast().data();
        assertThat(last.path("content").asText()).isEqualTo("one two ");
        assertThat(last.path("event_index").asInt()).isEqualTo(answer.frames().size() - 1);

        var again = post(http, RUNS, "key-1", "message", "Go", "session_id", "s1", "background", "true");
        assertThat(again.frames().getLast().data().path("run_id")).isEqualTo(last.path("run_id"));
        assertThat(again.events()).endsWith("RunCompleted");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void whatAQueueCannotKeepIsRefused() {
        var http = server(DurableOptions.defaults(), model);
        assertThat(background(http, null, "output_schema", "{\"type\":\"object\"}")
                        .body())
                .contains("output_schema can't be kept");
        assertThat(background(http, null, "dependencies", "{\"a\":1}").body()).contains("dependencies can't be kept");
        assertThat(background(http, null, "dependencies", "{\"a\":1}").status()).isEqualTo(400);
    }

    @Test
    void theHeaderIsDocumented() {
        var http = server(DurableOptions.defaults(), model);
        var params = http.get("/openapi.json").json().at("/paths/~1agents~1{agent_id}~1runs/post/parameters");
        assertThat(params).anySatisfy(param -> {
            assertThat(param.path("name").asText()).isEqualTo("Idempotency-Key");
            assertThat(param.path("in").asText()).isEqualTo("header");
            assertThat(param.at("/schema/maxLength").asInt()).isEqualTo(512);
        });
    }

    private static JsonNode schema(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    @Test
    void theQueueIsListedAndCounted() {
        var http = server(
                DurableOptions.defaults(),
                model.answer("One").answer(Script.text("x").thenHang()));
        var done = id(background(http, "key-1"));
        awaitStatus(http, done, "COMPLETED");
        var works = id(background(http, null));
        model.awaitWaiting(1);
        var waits = id(background(http, null, "user_id", "ann"));

        var schemas = new SchemaCheck(http.get("/openapi.json").json());
        var all = http.get("/queue/jobs").json();
        assertThat(schemas.check(schema("PaginatedQueueJobs"), all)).isEmpty();
        assertThat(all.path("data"))
                .extracting(job ->
                        job.path("id").asText() + " " + job.path("status").asText() + " "
                                + job.path("attempt").asInt())
                .containsExactly(waits + " queued 0", works + " running 1", done + " completed 1");
        assertThat(all.at("/meta/total_count").asInt()).isEqualTo(3);
        assertThat(http.get("/queue/jobs?status=completed&limit=1").json().path("data"))
                .singleElement()
                .satisfies(
                        job -> assertThat(job.path("idempotency_key").asText()).isEqualTo("key-1"))
                .satisfies(job -> assertThat(job.at("/payload/input").asText()).isEqualTo("Go"));
        assertThat(http.get("/queue/jobs?user_id=ann").json().at("/data/0/id").asText())
                .isEqualTo(waits);
        assertThat(http.get("/queue/jobs/" + works).json().path("status").asText())
                .isEqualTo("running");
        assertThat(schemas.check(
                        schema("QueueJob"), http.get("/queue/jobs/" + works).json()))
                .isEmpty();

        var stats = http.get("/queue/stats").json();
        assertThat(stats.path("counts").toString()).isEqualTo("{\"queued\":1,\"running\":1,\"completed\":1}");
        assertThat(stats.path("oldest_queued_age_seconds").asLong(-1)).isBetween(0L, 60L);

        assertThat(http.get("/queue/jobs/nope"))
                .returns(404, TestClient.Answer::status)
                .returns("{\"detail\":\"Job queue job nope not found\"}", TestClient.Answer::body);
        assertThat(http.get("/queue/jobs?status=bogus").body()).contains("Invalid status 'bogus'; expected one of (");
    }

    @Test
    void aComponentWithoutAQueueIsRefused() {
        var builder = AgentOS.builder()
                .agents(Agent.builder().name("Clerk").model(model).build())
                .durable(DurableOptions.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining("clerk has no store: give it or the server a JdbcSessionStore");
        assertThatIllegalArgumentException()
                .isThrownBy(builder.store(new InMemorySessionStore())::build)
                .withMessageContaining("clerk has the store InMemorySessionStore, which has no queue");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.durable(DurableOptions.defaults().notBefore(Instant.now())))
                .withMessageContaining("have a notBefore");
    }
}
