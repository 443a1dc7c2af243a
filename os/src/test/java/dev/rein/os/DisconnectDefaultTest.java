package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import org.junit.jupiter.api.Test;

/** The policy of a server for runs whose client disconnects. */
class DisconnectDefaultTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model =
            ScriptedModel.of(Script.text("one ").thenHang()).repeating();
    private final InMemorySessionStore store = new InMemorySessionStore();

    private AgentOS serve(DisconnectPolicy policy) {
        return AgentOS.builder()
                .port(0)
                .store(store)
                .onDisconnect(policy)
                .agents(Agent.builder().name("Writer").model(model).build())
                .build()
                .start();
    }

    private static String leave(TestClient http, String... more) {
        var form = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("message", "hi", "session_id", "s"),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        try (var stream = http.open(RUNS, form)) {
            return stream.until("RunContent").data().path("run_id").asText();
        }
    }

    private RunStatus status(String id) {
        return store.run(id).orElseThrow().status();
    }

    @Test
    void appliesToStreamsThatNameNone() {
        try (var os = serve(DisconnectPolicy.CONTINUE)) {
            var http = new TestClient(os);
            var continues = leave(http);
            var stops = leave(http, "on_disconnect", "cancel");
            await().until(() -> status(stops) == RunStatus.CANCELLED);
            assertThat(Runs.shared().find(continues)).isPresent();
            http.post("/runs/cancel", "all", "true", "wait", "10000");
        }
    }

    @Test
    void mayBeOverriddenByARequest() {
        try (var os = serve(DisconnectPolicy.CANCEL)) {
            var http = new TestClient(os);
            var continues = leave(http, "on_disconnect", "continue");
            var background = leave(http, "background", "true");
            var stops = leave(http);
            await().until(() -> status(stops) == RunStatus.CANCELLED);
            assertThat(Runs.shared().find(continues)).isPresent();
            assertThat(Runs.shared().find(background)).isPresent();
            http.post("/runs/cancel", "all", "true", "wait", "10000");
        }
    }
}
