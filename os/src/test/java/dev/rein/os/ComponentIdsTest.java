package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.testkit.ScriptedModel;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every served component is reached by its id. */
class ComponentIdsTest {
    private static Agent named(String name) {
        return Agent.builder().name(name).model(ScriptedModel.always("hi")).build();
    }

    @Test
    void anyNameMakesAnIdThatRoutesReach() {
        var agents = Stream.of(
                        "Sales/EMEA",
                        "100%",
                        "what?",
                        "C#",
                        "Café",
                        "研究",
                        "..",
                        "a;c",
                        "a\\d",
                        "Q&A + more, (v2)!",
                        "a:b")
                .map(ComponentIdsTest::named)
                .toArray(Agent[]::new);
        try (var os = AgentOS.builder().port(0).agents(agents).build().start()) {
            var http = new TestClient(os);
            var ids = http.get("/agents").json().findValuesAsText("id");
            assertThat(ids).hasSize(agents.length).doesNotHaveDuplicates();
            for (var id : ids) {
                // As clients do: without encoding.
                assertThat(http.get("/agents/" + id).json().path("id").asText()).isEqualTo(id);
                assertThat(http.post("/agents/" + id + "/runs", "message", "hi", "stream", "false")
                                .status())
                        .as(id)
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a%b", "a?b", "a#b", "café", "a b", "..", "a:b", "a;b", "*"})
    void aGivenIdThatNoPathCanHoldIsRefused(String id) {
        var builder = AgentOS.builder()
                .agents(Agent.builder()
                        .id(id)
                        .name("Writer")
                        .model(ScriptedModel.always("hi"))
                        .build());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"Writer\" is \"" + id + "\"")
                .hasMessageContaining("letters from A to Z");
    }
}
