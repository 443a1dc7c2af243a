package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"a\": 1}' | '{\"a\": 1}'    | '{\"a\":1}'",
                "''           | {}              | {}",
                "' '          | {}              | {}",
                "[1]          | '{\"invalid_arguments\":\"[1]\"}'   | '{\"invalid_arguments\":\"[1]\"}'",
                "'{\"a\":'    | '{\"invalid_arguments\":\"{\\\"a\\\":\"}' | '{\"invalid_arguments\":\"{\\\"a\\\":\"}'",
                "{} x         | '{\"invalid_arguments\":\"{} x\"}'  | '{\"invalid_arguments\":\"{} x\"}'",
            })
    void argumentsAreAlwaysAnObject(String arguments, String text, String tree) {
        assertThat(ProviderJson.argumentsObject(arguments)).isEqualTo(text);
        assertThat(ProviderJson.argumentsTree(arguments)).hasToString(tree);
    }

    @Test
    void membersAreMergedIntoObjectsAndReplaceEverythingElse() throws Exception {
        var users = tree("{\"x\": 1}");
        var body = (ObjectNode) tree("{\"a\": {\"b\": {\"c\": 1}, \"d\": 2}, \"e\": [1], \"f\": 1}");
        body.set("user", users);

        ProviderJson.addMembers(
                body,
                Map.of(
                        "a", tree("{\"b\": {\"n\": 3}, \"d\": {\"o\": 4}}"),
                        "e", tree("[2]"),
                        "f", tree("{\"g\": 5}"),
                        "h", tree("6"),
                        "user", tree("{\"x\": 2}")));

        assertThat(body).isEqualTo(tree("""
                {"a": {"b": {"c": 1, "n": 3}, "d": {"o": 4}}, "e": [2], "f": {"g": 5}, "user": {"x": 2}, "h": 6}
                """));
        assertThat(users).isEqualTo(tree("{\"x\": 1}"));
    }

    @Test
    void membersAreRemovedByNameOrByPath() throws Exception {
        var users = tree("{\"x\": 1, \"y\": 2}");
        var body = (ObjectNode) tree("{\"a\": {\"b\": {\"c\": 1, \"d\": 2}}, \"e.f\": 1, \"e\": {\"f\": 2}, \"g\": 3}");
        body.set("user", users);

        for (var path : new String[] {"a.b.c", "e.f", "g", "user.x", "none", "a.none.c", "a.b.d.e", ".", "a.", ""}) {
            ProviderJson.removeMember(body, path);
        }

        assertThat(body).isEqualTo(tree("{\"a\": {\"b\": {\"d\": 2}}, \"e\": {\"f\": 2}, \"user\": {\"y\": 2}}"));
        assertThat(users.size()).isEqualTo(2);
    }

    @Test
    void aServerIsTheSameHoweverItsUrlIsWritten() {
        for (var url : new String[] {
            "https://API.Example.com/v1",
            "http://api.example.com:80/v1/",
            "https://api.example.com:443/v1?key=secret-of-mine"
        }) {
            assertThat(ModelEndpoint.builder(url).build().server()).isEqualTo("api.example.com/v1");
        }
        assertThat(ModelEndpoint.builder("http://localhost:11434").build().server())
                .isEqualTo("localhost:11434");
    }

    private static JsonNode tree(String json) throws Exception {
        return ProviderJson.mapper().readTree(json);
    }
}
