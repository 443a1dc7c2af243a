package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.ScriptedModel;
import org.junit.jupiter.api.Test;

/** The store queries of the session list. */
class SessionListTest {
    @Test
    void aPageOfSessionsTakesTwoQueries() {
        var store = InterceptedStore.inMemory();
        var writer = Agent.builder()
                .name("Writer")
                .model(ScriptedModel.always("Once upon a time"))
                .build();
        try (var os = AgentOS.builder()
                .port(0)
                .store(store.store())
                .agents(writer)
                .build()
                .start()) {
            var http = new TestClient(os);
            for (var i = 0; i < 3; i++) {
                var answer = http.post(
                        "/agents/writer/runs", "message", "tale " + i, "stream", "false", "session_id", "s" + i);
                assertThat(answer.status()).isEqualTo(200);
            }
            var before = store.calls().size();
            var data = http.get("/sessions?sort_order=asc").json().path("data");
            assertThat(store.calls().subList(before, store.calls().size())).containsExactly("sessions", "overviews");
            assertThat(data).hasSize(3);
            assertThat(data.path(1).path("session_name").asText()).isEqualTo("tale 1");
            assertThat(data.path(1).path("total_tokens").isIntegralNumber()).isTrue();
        }
    }
}
