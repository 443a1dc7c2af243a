package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The format of embeddings: https://platform.openai.com/docs/api-reference/embeddings/object. A vector counts the words of a text, so that
 * texts with the same words are similar. What a script says is not sent.
 */
final class EmbeddingsEncoder implements ResponseEncoder {
    private static final int DIMENSIONS = 64;
    private static final int MAX_DIMENSIONS = 10_000;

    private final List<String> texts;
    private final String model;
    private final boolean base64;
    private final int dimensions;

    EmbeddingsEncoder(JsonNode body) {
        texts = EmbeddingsFormat.texts(body);
        model = body.path("model").asText("fake-model");
        base64 = body.path("encoding_format").asText().equals("base64");
        dimensions = Math.clamp(body.path("dimensions").asInt(DIMENSIONS), 1, MAX_DIMENSIONS);
    }

    @Override
    public String begin() {
        return "";
    }

    @Override
    public String text(String token) {
        return "";
    }

    @Override
    public String reasoning(String token) {
        return "";
    }

    @Override
    public String callStart(String id, String name) {
        return "";
    }

    @Override
    public String callArguments(String fragment) {
        return "";
    }

    @Override
    public String end(String finishReason, Usage usage, boolean withUsage) {
        return "";
    }

    @Override
    public String fail(String code, String message, boolean event) {
        return "";
    }

    @Override
    public ObjectNode whole() {
        var response = FixtureJson.object().put("object", "list");
        var data = response.putArray("data");
        var tokens = 0;
        for (var i = 0; i < texts.size(); i++) {
            var item = data.addObject().put("object", "embedding").put("index", i);
            var vector = vector(texts.get(i));
            if (base64) {
                var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                item.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            } else {
                var numbers = item.putArray("embedding");
                for (var value : vector) {
                    numbers.add(value);
                }
            }
            tokens += 1 + texts.get(i).length() / 4;
        }
        response.put("model", model);
        response.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return response;
    }

    private float[] vector(String text) {
        var vector = new float[dimensions];
        for (var word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            vector[Math.floorMod(word.hashCode(), dimensions)]++;
        }
        var length = 0.0;
        for (var value : vector) {
            length += value * value;
        }
        for (var i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(length);
        }
        return vector;
    }
}
