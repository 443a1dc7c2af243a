package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A projection equals the whole tree without the other fields, and rejects the same documents as Jackson's tree reader. */
class JsonProjectionTest {

    private static final String[] PATHS = {"error", "choices.delta.content", "choices.delta.calls", "choices.end"};

    private static final String CHUNK = """
        {"id": "c-1", "choices": [{"index": 0, "delta": {"role": null, "content": "h\\u00e9 \\ud83d\\udc09 \\"x\\"\\n"}, "end": null}],
         "logprobs": {"choices": [{"delta": {"content": "other"}}], "error": {"content": [[{}], -1.5e3, true]}}, "usage": null}\
        """;

    private final JsonProjection projection = JsonProjection.of(PATHS);

    @Test
    void onlyTheFieldsOfTheProjectionAreRead() throws Exception {
        assertThat(read(CHUNK)).isEqualTo(whole("""
            {"choices": [{"delta": {"content": "hé 🐉 \\"x\\"\\n"}, "end": null}]}\
            """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "12",
                "-1.5e3",
                "123456789012345678901234567890",
                "\"\"",
                "\"12\"",
                "{}",
                "[]",
                "[[[]]]",
                "{\"error\": {\"delta\": 1}, \"delta\": {\"content\": {\"content\": 1}}, \"content\": [\"x\"],"
                        + " \"end\": [{}]}",
                "[null, 1, \"x\", [\"y\"], {\"delta\": [{\"content\": \"z\", \"other\": 1}], \"content\": 2,"
                        + " \"calls\": {}}]",
                "{\"end\": 1, \"end\": {\"a\": 1}, \"delta\": {\"content\": \"a\"}, \"delta\": {\"content\": \"b\","
                        + " \"content\": null}}"
            })
    void aValueOfAnyTypeAtAnyPlaceIsReadAsInTheWholeTree(String value) throws Exception {
        for (var template : new String[] {
            "%s",
            "{\"error\": %s}",
            "{\"other\": %s, \"error\": 1}",
            "{\"choices\": %s}",
            "{\"choices\": [%s, %s]}",
            "{\"choices\": [{\"delta\": %s, \"end\": \"stop\"}], \"after\": %s}",
            "{\"choices\": [{\"delta\": {\"x\": %s, \"content\": %s, \"calls\": %s}, \"end\": %s}]}",
            "{\"choices\": 1, \"choices\": %s, \"error\": %s, \"error\": \"last\"}"
        }) {
            var json = template.replace("%s", value);
            assertThat(read(json)).as(json).isEqualTo(only(whole(json), Set.of(PATHS), ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n ", "0", "12", "-1.5e3 ", "true", "null", "\"text\"", "[]", " {} \n"})
    void aDocumentOfAnyTypeIsRead(String json) throws Exception {
        assertThat(read(json)).isEqualTo(whole(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {}",
                "{} x",
                "{} 1",
                "{} tru",
                "{} \"te",
                "{\"other\": \"te",
                "{},",
                "1 2",
                "nul",
                "12x",
                "-",
                "\"text",
                "]",
                "{\"other\": [1}}",
                "{\"other\": \"\\x\"}",
                "{\"other\": nul}",
                "{\"other\": 01}",
                "{\"error\": [1}}",
                "{\"error\": \"\\x\"}",
                "{'error': 1}",
                "{\"error\": 1,}"
            })
    void invalidJsonIsRejectedAlsoOutsideOfTheProjection(String json) throws Exception {
        assertRejected(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void numbersAndControlCharactersThatJsonDoesNotAllowAreRead() throws Exception {
        assertThat(read("{\"other\": [NaN, Infinity, -Infinity, \"a\tb\"], \"error\": \"c\td\"}")
                        .path("error")
                        .textValue())
                .isEqualTo("c\td");
        assertThat(read("{\"error\": NaN}").path("error").asDouble()).isNaN();
    }

    @Test
    void aDocumentTruncatedAnywhereIsRejected() throws Exception {
        var json = CHUNK.getBytes(StandardCharsets.UTF_8);
        for (var length = 1; length < json.length; length++) {
            var cut = new byte[length];
            System.arraycopy(json, 0, cut, 0, length);
            assertRejected(cut);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "error"})
    void bytesThatAreNotUtf8AreRejected(String field) throws Exception {
        assertRejected(("{\"" + field + "\": \"\u00e9\"}").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aDocumentDoesNotAffectTheNext() throws Exception {
        for (var i = 0; i < 3_000; i++) {
            if (i % 7 == 0) {
                assertRejected("{\"error\": [\"half a te".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(read("{\"error\": " + i + ", \"name" + i + "\": {\"error\": 1}}"))
                    .isEqualTo(whole("{\"error\": " + i + "}"));
        }
    }

    @Test
    void aLargeTextIsRead() throws Exception {
        var text = "é🐉\\n".repeat(200_000);

        assertThat(read("{\"error\": \"" + text + "\", \"other\": \"" + text + "\"}"))
                .isEqualTo(whole("{\"error\": \"" + text + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "error"})
    void deepNestingIsReadAndTooDeepNestingRejected(String field) throws Exception {
        var deep = "{\"" + field + "\": " + "[".repeat(990) + "]".repeat(990) + "}";
        var task = new FutureTask<>(() -> read(deep));
        Thread.startVirtualThread(task);
        assertThat(task.get().path(field))
                .isEqualTo(only(whole(deep), Set.of(PATHS), "").path(field));

        assertRejected(("{\"" + field + "\": " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode read(String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return projection.read(bytes, bytes.length);
    }

    private static JsonNode whole(String json) throws IOException {
        return ProviderJson.MAPPER.readTree(json.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRejected(byte[] json) {
        assertThatExceptionOfType(JsonProcessingException.class).isThrownBy(() -> ProviderJson.MAPPER.readTree(json));
        assertThatExceptionOfType(JsonProcessingException.class)
                .as(new String(json, StandardCharsets.UTF_8))
                .isThrownBy(() -> projection.read(json, json.length));
    }

    /** The fields of a tree that the paths name, selected by a simpler algorithm than the projection's. */
    private static JsonNode only(JsonNode value, Set<String> paths, String path) {
        if (paths.contains(path) || value.isValueNode() || value.isMissingNode()) {
            return value;
        }
        if (value instanceof ArrayNode array) {
            var selected = ProviderJson.MAPPER.createArrayNode();
            array.forEach(element -> selected.add(only(element, paths, path)));
            return selected;
        }
        ObjectNode selected = ProviderJson.MAPPER.createObjectNode();
        value.properties().forEach(field -> {
            var inner = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (paths.stream().anyMatch(wanted -> wanted.equals(inner) || wanted.startsWith(inner + "."))) {
                selected.set(field.getKey(), only(field.getValue(), paths, inner));
            }
        });
        return selected;
    }
}
