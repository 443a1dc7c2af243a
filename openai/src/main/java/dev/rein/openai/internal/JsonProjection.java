package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The fields of a JSON document that somebody looks at. It is read into the tree of just these, in which every look finds
 * what it would find in the whole tree. Most of what an event says is the same in every event of a stream, and the tree of
 * it would be most of what a streamed answer allocates. Thread-safe.
 */
final class JsonProjection {

    private static final ObjectReader NUMBER_OR_BOOLEAN =
            ProviderJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Of an object these fields, each with what is wanted of its value; when there are none, all of it. */
    private final Map<String, JsonProjection> fields = new HashMap<>();

    private JsonProjection() {}

    /** @param paths names with dots between them, from the outermost in; an array stands for each of its elements */
    static JsonProjection of(String... paths) {
        var excerpt = new JsonProjection();
        for (var path : paths) {
            var inner = excerpt;
            for (var name : path.split("\\.")) {
                inner = inner.fields.computeIfAbsent(name, any -> new JsonProjection());
            }
        }
        return excerpt;
    }

    /**
     * Reads a document.
     *
     * @return a missing node if there is nothing in it
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON, also where nobody looks
     */
    JsonNode read(byte[] json, int length) throws IOException {
        return EventParser.parse(json, length, parser -> {
            var first = parser.next();
            return first == null ? MissingNode.getInstance() : value(first, parser);
        });
    }

    private JsonNode value(JsonToken token, EventParser parser) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> TextNode.valueOf(parser.current().getText());
            case VALUE_NULL -> NullNode.getInstance();
            default -> NUMBER_OR_BOOLEAN.readTree(parser.current());
        };
    }

    private ObjectNode object(EventParser parser) throws IOException {
        var object = new ObjectNode(ProviderJson.MAPPER.getNodeFactory(), new HashMap<>(4));
        while (parser.nextInside() == JsonToken.FIELD_NAME) {
            var name = parser.current().currentName();
            var wanted = fields.isEmpty() ? this : fields.get(name);
            var token = parser.nextInside();
            if (wanted == null) {
                parser.current().skipChildren();
            } else {
                object.set(name, wanted.value(token, parser));
            }
        }
        return object;
    }

    private ArrayNode array(EventParser parser) throws IOException {
        var array = new ArrayNode(ProviderJson.MAPPER.getNodeFactory(), 1);
        for (var token = parser.nextInside(); token != JsonToken.END_ARRAY; token = parser.nextInside()) {
            array.add(value(token, parser));
        }
        return array;
    }
}
