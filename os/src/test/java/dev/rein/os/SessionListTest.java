package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.testkit.ScriptedModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the list of sessions asks the store. */
class SessionListTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** The same store, by whose methods one sees what is asked. */
    private SessionStore watched(SessionStore store) {
        return (SessionStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SessionStore.class}, (_, method, arguments) -> {
                    asked.add(method.getName());
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aPageOfSessionsTakesTwoQuestionsHoweverManyThereAre() {
        var store = new InMemorySessionStore();
        var writer = Agent.builder()
                .name("Writer")
                .model(ScriptedModel.always("Once upon a time"))
                .build();
        try (var os = AgentOS.builder()
                .port(0)
                .store(watched(store))
                .agents(writer)
                .build()
                .start()) {
            var http = new TestClient(os);
            for (var i = 0; i < 3; i++) {
                var answer = http.post(
                        "/agents/writer/runs", "message", "tale " + i, "stream", "false", "session_id", "s" + i);
                assertThat(answer.status()).isEqualTo(200);
            }
            asked.clear();
            var data = http.get("/sessions?sort_order=asc").json().path("data");
            assertThat(asked).containsExactly("sessions", "overviews");
            assertThat(data).hasSize(3);
            assertThat(data.path(1).path("session_name").asText()).isEqualTo("tale 1");
            assertThat(data.path(1).path("total_tokens").isIntegralNumber()).isTrue();
        }
    }
}
