package dev.rein.http;

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
 * A set of fields to read from JSON documents. Reading a document builds a tree of these fields only, in which they have the same values
 * as in the whole tree. Most of an event is the same in all events of a stream, and whole trees would be most of the memory that a
 * streamed response allocates. Thread-safe.
 */
public final class JsonProjection {

    /** All fields. */
    public static final JsonProjection ALL = new JsonProjection();

    private static final ObjectReader NUMBER_OR_BOOLEAN =
            ProviderJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The fields to read from an object, with the projection of each value; if empty, all fields are read. */
    private final Map<String, JsonProjection> fields = new HashMap<>();

    private JsonProjection() {}

    /** @param paths field names joined by dots, outermost first; a path applies to each element of an array */
    public static JsonProjection of(String... paths) {
        var projection = new JsonProjection();
        for (var path : paths) {
            var inner = projection;
            for (var name : path.split("\\.")) {
                inner = inner.fields.computeIfAbsent(name, any -> new JsonProjection());
            }
        }
        return projection;
    }

    /**
     * Reads a document.
     *
     * @return a missing node if the document is empty
     * @throws com.fasterxml.jackson.core.JsonProcessingException if the document is not valid JSON, also outside of these fields
     */
    JsonNode read(byte[] json, int length) throws IOException {
        return PooledJsonParser.parse(json, length, parser -> {
            var first = parser.next();
            return first == null ? MissingNode.getInstance() : value(first, parser);
        });
    }

    private JsonNode value(JsonToken token, PooledJsonParser parser) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> TextNode.valueOf(parser.current().getText());
            case VALUE_NULL -> NullNode.getInstance();
            default -> NUMBER_OR_BOOLEAN.readTree(parser.current());
        };
    }

    private ObjectNode object(PooledJsonParser parser) throws IOException {
        var object = new ObjectNode(ProviderJson.MAPPER.getNodeFactory(), new HashMap<>(4));
        while (parser.nextInside() == JsonToken.FIELD_NAME) {
            var name = parser.current().currentName();
            var projection = fields.isEmpty() ? this : fields.get(name);
            var token = parser.nextInside();
            if (projection == null) {
                parser.current().skipChildren();
            } else {
                object.set(name, projection.value(token, parser));
            }
        }
        return object;
    }

    private ArrayNode array(PooledJsonParser parser) throws IOException {
        var array = new ArrayNode(ProviderJson.MAPPER.getNodeFactory(), 1);
        for (var token = parser.nextInside(); token != JsonToken.END_ARRAY; token = parser.nextInside()) {
            array.add(value(token, parser));
        }
        return array;
    }
}
