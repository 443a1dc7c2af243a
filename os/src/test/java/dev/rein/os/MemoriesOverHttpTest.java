package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.store.JdbcSessionStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoriesOverHttpTest {
    private JdbcSessionStore store;
    private AgentOS os;
    private TestClient http;

    @BeforeEach
    void start(@TempDir Path folder) {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        os = AgentOS.builder().port(0).store(store).build().start();
        http = new TestClient(os);
    }

    @AfterEach
    void close() {
        os.close();
        store.close();
    }

    private String remember(String text, String user, String... topics) {
        var answer = http.json(
                "POST",
                "/memories",
                "{\"memory\":\"" + text + "\",\"user_id\":\"" + user + "\",\"topics\":[\""
                        + String.join("\",\"", topics) + "\"]}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("memory_id").asText();
    }

    private List<String> list(String query) {
        var ids = new ArrayList<String>();
        http.get("/memories" + query)
                .json()
                .path("data")
                .forEach(each -> ids.add(each.path("memory_id").asText()));
        return ids;
    }

    private JsonNode get(String path) {
        return http.get(path).json();
    }

    @Test
    void aMemoryIsCreatedUpdatedAndDeleted() {
        var made = http.json("POST", "/memories", "{\"memory\":\"Likes tea\",\"user_id\":\"u1\",\"topics\":[\"food\"]}")
                .json();
        var id = made.path("memory_id").asText();
        assertThat(made.toString())
                .matches("\\{\"memory_id\":\"[^\"]+\",\"memory\":\"Likes"
                        + " tea\",\"topics\":\\[\"food\"],\"agent_id\":null,"
                        + "\"team_id\":null,\"user_id\":\"u1\",\"updated_at\":\"[-0-9T:]+Z\"}");
        assertThat(get("/memories/" + id)).isEqualTo(made);
        var changed = http.json("PATCH", "/memories/" + id, "{\"memory\":\"Likes coffee\",\"user_id\":\"u1\"}")
                .json();
        assertThat(changed.path("memory").asText()).isEqualTo("Likes coffee");
        assertThat(changed.path("topics").toString()).isEqualTo("[\"food\"]");
        assertThat(http.get("/memories/" + id + "?user_id=u2").status()).isEqualTo(404);
        assertThat(http.delete("/memories/" + id).status()).isEqualTo(204);
        assertThat(http.delete("/memories/" + id).status()).isEqualTo(404);
        assertThat(http.get("/memories/" + id).body())
                .isEqualTo("{\"detail\":\"Memory with ID " + id + " not found\"}");
        assertThat(http.get("/memories/" + "x".repeat(600)).status()).isEqualTo(422);
    }

    @Test
    void memoriesAreFilteredByContentAndTopic() {
        var a = remember("Likes tea", "u1", "food", "drink");
        var b = remember("Has a dog", "u2", "pets");
        var c = remember("Hates tea", "u2", "food");
        assertThat(list("")).containsExactly(c, b, a);
        assertThat(list("?user_id=u2")).containsExactly(c, b);
        assertThat(list("?search_content=TEA&sort_order=asc")).containsExactly(a, c);
        assertThat(list("?topics=food&topics=drink")).containsExactly(a);
        assertThat(list("?limit=1&page=2")).containsExactly(b);
        assertThat(get("/memories?limit=2").path("meta").path("total_pages").asInt())
                .isEqualTo(2);
        assertThat(get("/memory_topics").toString()).isEqualTo("[\"drink\",\"food\",\"pets\"]");
        assertThat(get("/memory_topics?user_id=u2").toString()).isEqualTo("[\"food\",\"pets\"]");
        var users = get("/user_memory_stats");
        assertThat(users.path("data").path(0).path("user_id").asText()).isEqualTo("u2");
        assertThat(users.path("data").path(0).path("total_memories").asInt()).isEqualTo(2);
        assertThat(http.json("DELETE", "/memories", "{\"memory_ids\":[\"" + a + "\",\"" + c + "\"]}")
                        .status())
                .isEqualTo(204);
        assertThat(list("")).containsExactly(b);
    }

    @Test
    void overlongValuesAreRefused() {
        var tooLong = http.json("POST", "/memories", "{\"memory\":\"" + "x".repeat(100_000) + "\"}");
        assertThat(tooLong.status()).isEqualTo(422);
        assertThat(tooLong.json().path("detail").path(0).path("type").asText()).isEqualTo("string_too_long");
        assertThat(tooLong.body().length()).isLessThan(1_000);
        assertThat(http.json("POST", "/memories", "{\"memory\":\"x\",\"topics\":[\"" + "y".repeat(300) + "\"]}")
                        .status())
                .isEqualTo(422);
        assertThat(http.json("POST", "/memories", "{\"memory\":\"x\",\"topics\":[" + "\"t\",".repeat(100) + "\"t\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(http.json("POST", "/memories", "{\"memory\":\"\\u0000\"}").status())
                .isEqualTo(400);
        assertThat(http.json("POST", "/memories", "{}").status()).isEqualTo(422);
        assertThat(http.json("POST", "/optimize-memories", "{\"user_id\":\"u1\"}")
                        .status())
                .isEqualTo(503);
    }
}
