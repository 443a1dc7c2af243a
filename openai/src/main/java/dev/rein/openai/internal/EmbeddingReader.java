package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.embedding.Embeddings;
import dev.rein.model.ModelException;
import dev.rein.model.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads responses of the API {@code embeddings}. */
public final class EmbeddingReader {
    private static final int MAX_SHOWN = 100;

    private EmbeddingReader() {}

    /**
     * The vectors of a response, in the order of the texts.
     *
     * @param count the number of texts
     * @throws ModelException of kind MALFORMED if a vector is missing, doubled or unreadable
     */
    public static Embeddings read(JsonNode response, int count) {
        var data = response.path("data");
        if (!data.isArray() || data.size() != count) {
            throw malformed("has " + data.size() + " vectors for " + count + " texts");
        }
        var vectors = new float[count][];
        for (var position = 0; position < count; position++) {
            var item = data.get(position);
            // Servers without an index keep the order.
            var index = item.path("index").isMissingNode()
                    ? position
                    : item.path("index").asInt(-1);
            if (index < 0 || index >= count) {
                throw malformed("has a vector with index " + shown(item.path("index")) + " for " + count + " texts");
            }
            if (vectors[index] != null) {
                throw malformed("has two vectors with index " + index);
            }
            vectors[index] = vector(item.path("embedding"), index);
        }
        return new Embeddings(new ArrayList<>(Arrays.asList(vectors)), usage(response.path("usage")));
    }

    private static float[] vector(JsonNode embedding, int index) {
        if (embedding.isTextual()) {
            return decoded(embedding.textValue(), index);
        }
        if (!embedding.isArray() || embedding.isEmpty()) {
            throw malformed("has no vector with index " + index);
        }
        var vector = new float[embedding.size()];
        for (var i = 0; i < vector.length; i++) {
            var value = embedding.get(i);
            if (!value.isNumber()) {
                throw malformed("has " + shown(value) + " in the vector with index " + index);
            }
            vector[i] = value.floatValue();
        }
        return vector;
    }

    private static float[] decoded(String base64, int index) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("has a vector with index " + index + " that is not Base64");
        }
        if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
            throw malformed("has a vector with index " + index + " of " + bytes.length + " bytes");
        }
        var vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static String shown(JsonNode value) {
        var text = value.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private static @Nullable Usage usage(JsonNode usage) {
        var tokens = usage.has("prompt_tokens") ? usage.path("prompt_tokens") : usage.path("total_tokens");
        var counted = Usage.of(tokens.asLong(-1), 0);
        return tokens.isNumber() && counted.isPlausible() ? counted : null;
    }

    private static ModelException malformed(String what) {
        return new ModelException(ModelException.Kind.MALFORMED, "The response of the embedding model " + what);
    }
}
