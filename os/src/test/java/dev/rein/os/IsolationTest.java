package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** User isolation: data of other users is indistinguishable from data that does not exist. */
class IsolationTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Agent writer = Agent.builder()
            .storeWait(Duration.ofMinutes(1))
            .name("Writer")
            .model(model)
            .build();
    private final AgentOS os = AgentOS.builder()
            .name("Guarded")
            .port(0)
            .store(store)
            .agents(writer)
            .workflows(Workflow.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Flow")
                    .steps(Step.of("one", writer))
                    .build())
            .jwt(TestTokens.AUTH.userIsolation(true))
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private static String token(String user, String scope) {
        return TestTokens.of(user, scope);
    }

    private TestClient.Answer send(String user, String scope, String method, String path, String type, String body) {
        return http.send(http.request(path)
                .header("Authorization", "Bearer " + token(user, scope))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build());
    }

    private TestClient.Answer agents(String user, String method, String path, String form) {
        return send(user, "agents:*", method, path, "application/x-www-form-urlencoded", form);
    }

    private TestClient.Answer sessions(String user, String method, String path, String body) {
        return send(user, "sessions:*", method, path, "application/json", body);
    }

    private TestClient.Answer memories(String user, String method, String path, String body) {
        return send(user, "memories:*", method, path, "application/json", body);
    }

    private String run(String user, String session) {
        model.answer("Hello");
        var form = TestClient.form("message", "hi", "stream", "false", "session_id", session);
        var run = send(user, "agents:run", "POST", "/agents/writer/runs", "application/x-www-form-urlencoded", form);
        assertThat(run.status()).isEqualTo(200);
        return run.json().path("run_id").asText();
    }

    @Test
    void sessionsOfOtherUsersAreNotFound() {
        var run = run("ann", "s1");
        run("bob", "s2");
        assertThat(sessions("ann", "GET", "/sessions", "").json().path("data")).hasSize(1);
        assertThat(sessions("bob", "GET", "/sessions?user_id=ann", "")
                        .json()
                        .path("data")
                        .path(0)
                        .path("session_id")
                        .asText())
                .isEqualTo("s2");
        assertThat(send("root", "agent_os:admin", "GET", "/sessions", "text/plain", "")
                        .json()
                        .path("data"))
                .hasSize(2);
        for (var path :
                List.of("/sessions/%s", "/sessions/%s/runs", "/sessions/%s/run-previews", "/sessions/%s/runs/" + run)) {
            assertThat(sessions("ann", "GET", path.formatted("s1"), "").status())
                    .isEqualTo(200);
            var others = sessions("bob", "GET", path.formatted("s1"), "");
            assertThat(others.status()).isEqualTo(404);
            assertThat(others.body())
                    .isEqualTo(sessions("bob", "GET", path.formatted("s9"), "")
                            .body()
                            .replace("s9", "s1"));
        }
        assertThat(sessions("bob", "PATCH", "/sessions/s1", "{\"session_name\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(sessions("bob", "POST", "/sessions/s1/rename", "{\"session_name\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(sessions("bob", "DELETE", "/sessions/s1", "").status()).isEqualTo(404);
        assertThat(sessions("bob", "DELETE", "/sessions", "{\"session_ids\":[\"s1\"],\"session_types\":[\"agent\"]}")
                        .status())
                .isEqualTo(204);
        assertThat(send("bob", "agents:*", "POST", "/agents/writer/sessions/s1/fork", "text/plain", "")
                        .status())
                .isEqualTo(404);
        assertThat(store.session("s1").orElseThrow().name()).isNull();
    }

    @Test
    void aSessionBelongsToItsCreator() {
        sessions("ann", "POST", "/sessions", "{\"session_id\":\"made\",\"user_id\":\"bob\"}");
        assertThat(store.session("made").orElseThrow().userId()).isEqualTo("ann");
    }

    @Test
    void memoriesOfOtherUsersAreNotFound() {
        var id = memories(
                        "ann",
                        "POST",
                        "/memories",
                        "{\"memory\":\"Likes tea\",\"user_id\":\"bob\",\"topics\":[\"food\"]}")
                .json()
                .path("memory_id")
                .asText();
        assertThat(store.memory(id).orElseThrow().userId()).isEqualTo("ann");
        assertThat(memories("ann", "GET", "/memories/" + id, "").status()).isEqualTo(200);
        assertThat(memories("bob", "GET", "/memories/" + id, "").status()).isEqualTo(404);
        assertThat(memories("bob", "PATCH", "/memories/" + id, "{\"memory\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(memories("bob", "DELETE", "/memories/" + id, "").status()).isEqualTo(404);
        memories("bob", "DELETE", "/memories", "{\"memory_ids\":[\"" + id + "\"],\"user_id\":\"ann\"}");
        assertThat(memories("bob", "GET", "/memories?user_id=ann", "").json().path("data"))
                .isEmpty();
        assertThat(memories("bob", "GET", "/memory_topics", "").body()).isEqualTo("[]");
        assertThat(memories("bob", "GET", "/user_memory_stats", "").json().path("data"))
                .isEmpty();
        assertThat(memories("ann", "GET", "/memories", "").json().path("data")).hasSize(1);
    }

    /** A cancel request for an unknown run is kept for a run that starts with that id, and touches no other. */
    @Test
    void aStartWithTheIdOfAnotherUsersRunDoesNotStopThatRun() {
        model.answer(Script.text("one ").thenHang());
        var form = TestClient.form(
                "message", "hi", "background", "true", "stream", "false", "run_id", "taken", "session_id", "s1");
        assertThat(agents("ann", "POST", "/agents/writer/runs", form).status()).isLessThan(300);
        model.awaitWaiting(1);
        var cancel = "/agents/writer/runs/taken/cancel";
        assertThat(agents("bob", "POST", cancel, "session_id=s2").status()).isEqualTo(404);
        var again = form.replace("s1", "s2");
        assertThat(agents("bob", "POST", "/agents/writer/runs", again).status()).isEqualTo(409);

        assertThat(Runs.shared().find("taken").orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(agents("ann", "POST", cancel, "session_id=s1&wait=10000")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("CANCELLED");
    }

    @Test
    void aCancelRequestOfAnotherUserDoesNotWaitForTheRun() {
        assertThat(agents("bob", "POST", "/agents/writer/runs/soon/cancel", "session_id=s1")
                        .status())
                .isEqualTo(404);
        model.answer("Hello");
        var form = TestClient.form("message", "hi", "stream", "false", "run_id", "soon", "session_id", "s1");
        assertThat(agents("ann", "POST", "/agents/writer/runs", form)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("COMPLETED");
    }

    @Test
    void metricsCountOnlyTheCallersRuns() {
        run("ann", "s1");
        run("ann", "s1");
        run("bob", "s2");
        assertThat(send("bob", "metrics:read", "GET", "/metrics?user_id=ann", "text/plain", "")
                        .json()
                        .at("/metrics/0/agent_runs_count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void runsOfOtherUsersAreNotFoundOverASocket() {
        model.answer(Script.text("one ").thenHang());
        try (var ann = new TestSocket(os);
                var bob = new TestSocket(os)) {
            assertThat(ann.until("connected").path("requires_auth").asBoolean()).isTrue();
            ann.send("{'action':'authenticate','token':'" + token("ann", "workflows:*") + "'}");
            assertThat(ann.until("authenticated").path("user_id").asText()).isEqualTo("ann");
            ann.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}");
            var id = ann.until("WorkflowStarted").path("run_id").asText();
            bob.send("{'action':'authenticate','token':'" + token("bob", "workflows:*") + "'}");
            bob.until("authenticated");
            bob.send("{'action':'cancel','run_id':'" + id + "'}");
            assertThat(bob.until("error").path("error").asText()).isEqualTo("Run " + id + " not found");
            bob.send("{'action':'reconnect','run_id':'" + id + "'}");
            assertThat(bob.until("error").path("error").asText())
                    .isEqualTo("Run " + id + " not found in buffer or database");
            ann.send("{'action':'cancel','run_id':'" + id + "'}");
            assertThat(ann.until("cancel_result").path("effective").asBoolean()).isTrue();
        }
    }

    @Test
    void aSocketWithoutTheScopeStartsNoRun() {
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'authenticate','token':'" + token("ann", "workflows:read") + "'}");
            socket.until("authenticated");
            socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}");
            assertThat(socket.until("error").path("error").asText())
                    .isEqualTo("Insufficient permissions. Required scope(s): workflows:run");
        }
        assertThat(model.callsStarted()).isZero();
    }

    /** The server keeps the events of ended background runs in memory; isolation applies to them as to stored runs. */
    @Test
    void anEndedBackgroundRunOfAnotherUserIsNotFound() {
        model.answer("Hello");
        var form = TestClient.form("message", "hi", "background", "true", "stream", "false", "session_id", "s1");
        var run = agents("ann", "POST", "/agents/writer/runs", form)
                .json()
                .path("run_id")
                .asText();
        await().until(() -> store.run(run).orElseThrow().status().isTerminal());
        var path = "/agents/writer/runs/" + run;
        var session = "session_id=s1";

        assertThat(agents("bob", "GET", path + "?" + session, "").status()).isEqualTo(404);
        assertThat(agents("bob", "POST", path + "/cancel", session).status()).isEqualTo(404);
        assertThat(agents("bob", "POST", path + "/continue", session).status()).isEqualTo(404);
        assertThat(agents("bob", "POST", path + "/resume", session).frames())
                .singleElement()
                .returns("error", TestClient.Frame::event)
                .extracting(frame -> frame.data().path("error").asText())
                .isEqualTo("Run " + run + " not found in buffer or database");

        assertThat(agents("ann", "GET", path + "?" + session, "").status()).isEqualTo(200);
        assertThat(agents("ann", "POST", path + "/cancel", session)
                        .json()
                        .path("result")
                        .asText())
                .isEqualTo("already_finished");
        assertThat(agents("ann", "POST", path + "/continue", session).status()).isEqualTo(409);
        assertThat(agents("ann", "POST", path + "/resume", session).events()).contains("RunCompleted");
    }

    @Test
    void aReadScopeAllowsNoActionOverASocket() {
        var refused = "Insufficient permissions. Required scope(s): workflows:run";
        model.answer(Script.text("one ").thenHang());
        try (var starter = new TestSocket(os);
                var reader = new TestSocket(os)) {
            starter.send("{'action':'authenticate','token':'" + token("ann", "workflows:run") + "'}")
                    .until("authenticated");
            var id = starter.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                    .until("WorkflowStarted")
                    .path("run_id")
                    .asText();
            reader.send("{'action':'authenticate','token':'" + token("ann", "workflows:read") + "'}")
                    .until("authenticated");
            for (var action : List.of("cancel", "reconnect", "continue-workflow")) {
                for (var workflow : List.of("", ",'workflow_id':'flow'")) {
                    if (!workflow.isEmpty() || !action.equals("continue-workflow")) {
                        reader.send("{'action':'" + action + "','run_id':'" + id + "'" + workflow + "}");
                        assertThat(reader.json().path("error").asText())
                                .as(action)
                                .isEqualTo(refused);
                    }
                }
            }
            assertThat(Runs.shared().find(id).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
            starter.send("{'action':'cancel','run_id':'" + id + "'}");
            assertThat(starter.until("cancel_result").path("effective").asBoolean())
                    .isTrue();
        }
    }

    // ---- sessions without an owner

    /** Such as those from before isolation was switched on, or of runs that the process has started itself. */
    @Test
    void aSessionWithoutAnOwnerIsNotFound() {
        model.answer("secret of the house");
        var old = writer.run(
                RunInput.of("hi"), RunOptions.defaults().sessionId("old").store(store));
        assertThat(store.session("old").orElseThrow().userId()).isNull();
        // Bob's own runs in it are part of it.
        model.answer("secret of the house");
        var own = writer.run(
                RunInput.of("hi"),
                RunOptions.defaults().sessionId("old").userId("bob").store(store));
        for (var run : List.of(old.runId(), own.runId())) {
            var path = "/agents/writer/runs/" + run;
            for (var answer : List.of(
                    agents("bob", "POST", "/agents/writer/runs", "message=hi&stream=false&session_id=old"),
                    agents("bob", "POST", "/agents/writer/runs", "message=hi&session_id=old"),
                    agents("bob", "POST", "/agents/writer/runs", "message=hi&background=true&session_id=old"),
                    agents("bob", "GET", path + "?session_id=old", ""),
                    agents("bob", "POST", path + "/continue", "session_id=old"),
                    agents("bob", "POST", path + "/continue", "session_id=old&stream=false&input=more"),
                    agents("bob", "GET", path + "/checkpoints?session_id=old", ""),
                    agents("bob", "POST", "/agents/writer/sessions/old/fork", ""),
                    agents("bob", "POST", "/agents/writer/sessions/old/compact", ""),
                    sessions("bob", "GET", "/sessions/old", ""),
                    sessions("bob", "GET", "/sessions/old/runs", ""),
                    sessions("bob", "GET", "/sessions/old/runs/" + run, ""),
                    sessions("bob", "GET", "/sessions/old/run-previews", ""),
                    sessions("bob", "PATCH", "/sessions/old", "{\"session_name\":\"x\"}"),
                    sessions("bob", "DELETE", "/sessions/old", ""))) {
                assertThat(answer.status())
                        .as(answer.response().request().method() + " "
                                + answer.response().uri() + " " + answer.body())
                        .isEqualTo(404);
            }
            assertThat(agents("bob", "POST", path + "/resume", "session_id=old").body())
                    .contains("not found in buffer or database");
        }
        assertThat(agents("bob", "GET", "/agents/writer/runs?session_id=old", "")
                        .body())
                .isEqualTo("[]");
        assertThat(sessions("bob", "GET", "/sessions", "").json().path("data")).isEmpty();
        assertThat(store.runs("old")).hasSize(2);
        // Without isolation everybody may use it, as an administrator may.
        assertThat(send("root", "agent_os:admin", "GET", "/sessions/old", "text/plain", "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSessionWithoutAnOwnerIsNotFoundOverASocket() {
        model.answer("one").answer("two");
        var flow = Workflow.builder()
                .name("Flow")
                .steps(Step.of("one", writer))
                .store(store)
                .build();
        flow.run(RunInput.of("hi"), RunOptions.defaults().sessionId("old"));
        var run = flow.run(
                RunInput.of("hi"), RunOptions.defaults().sessionId("old").userId("bob"));
        try (var bob = new TestSocket(os)) {
            bob.send("{'action':'authenticate','token':'" + token("bob", "workflows:*") + "'}")
                    .until("authenticated");
            bob.send("{'action':'start-workflow','workflow_id':'flow','message':'hi','session_id':'old'}");
            assertThat(bob.json().path("error").asText()).isEqualTo("Session not found");
            for (var action : List.of("reconnect", "continue-workflow")) {
                bob.send("{'action':'" + action + "','workflow_id':'flow','run_id':'" + run.runId() + "'}");
                assertThat(bob.json().path("error").asText()).contains("not found");
            }
        }
    }

    /** Two users who choose the same new id at the same time must not end in one session. */
    @Test
    void aNewSessionBelongsToItsFirstUserBeforeTheRunStarts() throws Exception {
        var slow = InterceptedStore.inMemory();
        var inserting = slow.park("insert");
        try (var other = AgentOS.builder()
                .port(0)
                .store(slow.store())
                .agents(writer)
                .jwt(TestTokens.AUTH.userIsolation(true))
                .build()
                .start()) {
            var client = new TestClient(other);
            model.answer("Hello").answer("Hello");
            var first = CompletableFuture.supplyAsync(() -> start(client, "ann"));
            inserting.awaitCall();
            assertThat(start(client, "bob").status()).isEqualTo(404);
            inserting.open();
            assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(slow.store().session("new").orElseThrow().userId()).isEqualTo("ann");
        }
    }

    private static TestClient.Answer start(TestClient client, String user) {
        return client.send(client.request("/agents/writer/runs")
                .header("Authorization", "Bearer " + token(user, "agents:run"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("message=hi&stream=false&session_id=new"))
                .build());
    }

    // ---- components

    /** A run reads the history of its session, also what other components have left there. */
    @Test
    void aSessionOfAComponentThatTheTokenDoesNotCoverIsNotFound() {
        run("ann", "s1");
        try (var socket = new TestSocket(os)) {
            for (var scopes : List.of("workflows:flow:run", "workflows:*")) {
                socket.send("{'action':'authenticate','token':'" + token("ann", scopes) + "'}")
                        .until("authenticated");
                socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi','session_id':'s1'}");
                assertThat(socket.json().path("error").asText()).isEqualTo("Session not found");
            }
        }
    }

    /** Without the id of the workflow the run's own workflow decides, not all others too. */
    @Test
    void aTokenForOneWorkflowReachesItsRunsOverASocket() {
        var flows = new ArrayList<Workflow>();
        for (var name : List.of("One", "Two")) {
            flows.add(
                    Workflow.builder().name(name).steps(Step.of("one", writer)).build());
        }
        try (var other = AgentOS.builder()
                        .port(0)
                        .store(store)
                        .workflows(flows.toArray(Workflow[]::new))
                        .jwt(TestTokens.AUTH)
                        .build()
                        .start();
                var all = new TestSocket(other);
                var one = new TestSocket(other)) {
            all.send("{'action':'authenticate','token':'" + token("ann", "workflows:*") + "'}")
                    .until("authenticated");
            one.send("{'action':'authenticate','token':'" + token("ann", "workflows:one:run") + "'}")
                    .until("authenticated");
            var ids = new ArrayList<String>();
            for (var workflow : List.of("one", "two")) {
                model.answer(Script.text("one ").thenHang());
                ids.add(all.send("{'action':'start-workflow','workflow_id':'" + workflow + "','message':'hi'}")
                        .until("WorkflowStarted")
                        .path("run_id")
                        .asText());
            }
            one.send("{'action':'reconnect','run_id':'" + ids.get(0) + "'}").until("catch_up");
            one.send("{'action':'reconnect','run_id':'" + ids.get(1) + "'}");
            assertThat(one.until("error").path("error").asText())
                    .isEqualTo("Run " + ids.get(1) + " not found in buffer or database");
            one.send("{'action':'cancel','run_id':'" + ids.get(1) + "'}");
            assertThat(one.until("error").path("error").asText()).isEqualTo("Run " + ids.get(1) + " not found");
            one.send("{'action':'cancel','workflow_id':'two','run_id':'" + ids.get(1) + "'}");
            assertThat(one.until("error").path("error").asText())
                    .isEqualTo("Insufficient permissions. Required scope(s): workflows:run");
            one.send("{'action':'cancel','run_id':'" + ids.get(0) + "'}");
            assertThat(one.until("cancel_result").path("effective").asBoolean()).isTrue();
            assertThat(Runs.shared().find(ids.get(1)).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
            Runs.shared().cancel(ids.get(1), CancelRequest.now());
        }
    }

    // ---- what the refusals tell

    @Test
    void aTakenIdIsRefusedTheSameWayWhoeverHasTakenIt() {
        model.answer(Script.text("one ").thenHang());
        var own = "message=hi&stream=false&session_id=s2&run_id=";
        agents("ann", "POST", "/agents/writer/runs", own.replace("s2", "s1") + "live&background=true");
        model.awaitWaiting(1);
        model.answer("Hello");
        agents("ann", "POST", "/agents/writer/runs", own.replace("s2", "s1") + "ended");
        model.answer("Hello");
        assertThat(agents("bob", "POST", "/agents/writer/runs", own + "mine").status())
                .isEqualTo(200);
        var refused = agents("bob", "POST", "/agents/writer/runs", own + "mine");
        assertThat(refused.status()).isEqualTo(409);
        for (var id : List.of("live", "ended")) {
            assertThat(agents("bob", "POST", "/agents/writer/runs", own + id))
                    .returns(409, TestClient.Answer::status)
                    .returns(refused.body(), TestClient.Answer::body);
        }
        var create = "{\"session_id\":\"%s\"}";
        assertThat(sessions("bob", "POST", "/sessions", create.formatted("s1")).body())
                .isEqualTo(sessions("bob", "POST", "/sessions", create.formatted("s2"))
                        .body()
                        .replace("s2", "s1"));
        assertThat(Runs.shared().find("live").orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        Runs.shared().cancel("live", CancelRequest.now());
    }

    @Test
    void metricsOfAllUsersRequireTheAdminScope() {
        run("ann", "s1");
        assertThat(send("bob", "metrics:read", "GET", "/metrics/prometheus", "text/plain", ""))
                .returns(403, TestClient.Answer::status)
                .extracting(TestClient.Answer::body)
                .asString()
                .doesNotContain("rein_");
        assertThat(send("root", "agent_os:admin", "GET", "/metrics/prometheus", "text/plain", "")
                        .body())
                .contains("rein_runs_total");
    }

    @Test
    void aRefreshOfTheMetricsIsSeenByItsUserOnly() {
        var status = "/metrics/refresh/status";
        send("ann", "metrics:*", "POST", "/metrics/refresh", "text/plain", "");
        assertThat(send("ann", "metrics:*", "GET", status, "text/plain", "").body())
                .contains("completed");
        assertThat(send("bob", "metrics:*", "GET", status, "text/plain", "").body())
                .contains("idle");
        assertThat(send("root", "agent_os:admin", "GET", status, "text/plain", "")
                        .body())
                .contains("idle");
    }
}
