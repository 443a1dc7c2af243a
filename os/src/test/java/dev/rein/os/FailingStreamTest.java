package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.session.InMemorySessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams and stores with values that can't be written as they are. */
@Timeout(120)
class FailingStreamTest {
    private static final String RUNS = "/agents/writer/runs";

    @TempDir
    private Path folder;

    /** A map and a list that contain each other: their string form does not end either. */
    private static Map<String, Object> cyclic() {
        var map = new HashMap<String, Object>();
        var list = new ArrayList<Object>();
        list.add(map);
        map.put("list", list);
        return map;
    }

    private static Map<String, Object> deep(int depth) {
        Map<String, Object> map = Map.of("bottom", true);
        for (var i = 0; i < depth; i++) {
            map = Map.of("a", map);
        }
        return map;
    }

    /** Tools that emit and store unusual values. */
    static final class Emitter {
        @Tool("Emits a value.")
        public String emitOne(RunContext context, String kind) {
            context.emit("Odd", Map.of("value", kind.equals("cyclic") ? cyclic() : deep(Integer.parseInt(kind))));
            return "emitted";
        }
    }

    private void assertComplete(String kind) throws Exception {
        var model = ScriptedModel.create()
                .toolCall("emit_one", "{\"kind\":\"" + kind + "\"}")
                .answer("done")
                .answer("next");
        try (var store = JdbcSessionStore.sqlite(folder.resolve("odd" + kind + ".db"));
                var os = AgentOS.builder()
                        .port(0)
                        .store(store)
                        .agents(Agent.builder()
                                .name("Writer")
                                .model(model)
                                .tools(new Emitter())
                                .build())
                        .build()
                        .start()) {
            var http = new TestClient(os);
            var events = http.post(RUNS, "message", "hi", "session_id", "s").events();
            assertThat(events).as(kind).endsWith("RunCompleted");
            // The store still works, and has both.
            assertThat(http.post(RUNS, "message", "hi", "session_id", "s").events())
                    .as(kind)
                    .endsWith("RunCompleted");
            await().untilAsserted(() ->
                    assertThat(store.runs("s")).hasSize(2).allMatch(run -> run.status() == RunStatus.COMPLETED));
            assertThat(http.get(RUNS + "?session_id=s").status()).isEqualTo(200);
            assertThat(http.get("/sessions/s/runs").status()).isEqualTo(200);
        }
    }

    @Test
    void aValueThatContainsItself() throws Exception {
        assertComplete("cyclic");
    }

    @Test
    void valuesThatAreNestedDeeply() throws Exception {
        for (var depth : new String[] {"90", "190", "950", "1500", "20000"}) {
            assertComplete(depth);
        }
    }

    /** A model whose name can't be shown to clients: the first event with its tokens breaks each stream. */
    private record Unshown(ScriptedModel model) implements Model {
        @Override
        public String id() {
            return model.id();
        }

        @Override
        public String provider() {
            if (StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().startsWith("dev.rein.os.internal.wire.")))) {
                throw new StackOverflowError();
            }
            return model.provider();
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) throws ModelException {
            return model.respond(request, call);
        }
    }

    @Test
    void anEventThatCantBeWrittenEndsTheStreamWithAnErrorAndCountsAsADisconnect() throws Exception {
        var leads = ScriptedModel.create()
                .toolCall("delegate_task_to_member", "{\"member_id\":\"member\",\"task\":\"write\"}")
                .answer(Script.text("one ").thenHang());
        var writes = ScriptedModel.create().answer("written");
        var store = new InMemorySessionStore();
        Supplier<AgentOS> server = () -> AgentOS.builder()
                .port(0)
                .store(store)
                .teams(Team.builder()
                        .name("Team")
                        .model(leads)
                        .members(Agent.builder()
                                .name("Member")
                                .model(new Unshown(writes))
                                .build())
                        .build())
                .build()
                .start();
        try (var os = server.get();
                var other = server.get()) {
            var http = new TestClient(os);
            var frames = http.post("/teams/team/runs", "message", "hi", "session_id", "s", "on_disconnect", "cancel")
                    .frames();
            var error = frames.getLast();
            assertThat(error.event()).isEqualTo("error");
            assertThat(error.id()).isEmpty();
            var id = frames.getFirst().data().path("run_id").asText();
            assertThat(error.data().path("run_id").asText()).isEqualTo(id);
            assertThat(error.data().path("error").asText()).isEqualTo("Internal server error (StackOverflowError)");
            await().untilAsserted(() -> {
                var run = store.run(id).orElseThrow();
                assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
                assertThat(run.cause().kind()).isEqualTo(CancelKind.DISCONNECT);
            });
            // From memory, and from the store.
            for (var client : List.of(http, new TestClient(other))) {
                assertThat(client.post("/teams/team/runs/" + id + "/resume", "session_id", "s")
                                .events())
                        .startsWith("replay", "TeamRunStarted")
                        .endsWith("error");
            }
        }
    }
}
