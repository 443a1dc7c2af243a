package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
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
}
