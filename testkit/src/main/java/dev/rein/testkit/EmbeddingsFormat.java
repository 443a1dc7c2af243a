package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import java.util.ArrayList;
import java.util.List;

/** See {@link ProviderFormat#embeddings()}. */
final class EmbeddingsFormat implements ProviderFormat {
    static final EmbeddingsFormat INSTANCE = new EmbeddingsFormat();

    private EmbeddingsFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && request.path().endsWith("/embeddings");
    }

    @Override
    public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new EmbeddingsEncoder(body);
    }

    @Override
    public String error(int status, String message) {
        return FixtureJson.error(status, message);
    }

    /** The texts, as messages of a user. */
    @Override
    public ModelRequest read(ReceivedRequest request) {
        return new ModelRequest(
                texts(request.body()).stream().map(Message::user).toList(), List.of(), null);
    }

    static List<String> texts(JsonNode body) {
        var input = body.path("input");
        var texts = new ArrayList<String>();
        if (input.isTextual()) {
            texts.add(input.textValue());
        } else {
            input.forEach(each -> texts.add(each.asText()));
        }
        return texts;
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        var violations = new ArrayList<String>();
        var texts = texts(request.body());
        if (!request.body().path("model").isTextual()) {
            violations.add("model is missing");
        }
        if (texts.isEmpty() || texts.size() > 2048) {
            violations.add("input has " + texts.size() + " texts");
        }
        if (texts.contains("")) {
            violations.add("input has an empty text");
        }
        return violations;
    }
}
