package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;

/** See {@link ProviderFormat#ollamaChat()}. */
final class OllamaFormat implements ProviderFormat {
    static final OllamaFormat INSTANCE = new OllamaFormat();

    private OllamaFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && request.path().equals("/api/chat");
    }

    /** Ollama streams unless it is told not to. */
    @Override
    public boolean isStreamed(ReceivedRequest request, JsonNode body) {
        return body.path("stream").asBoolean(true);
    }

    @Override
    public String contentType() {
        return "application/x-ndjson";
    }

    @Override
    public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new OllamaEncoder(body);
    }

    @Override
    public String error(int status, String message) {
        return FixtureJson.write(FixtureJson.object().put("error", message));
    }

    @Override
    public ModelRequest read(ReceivedRequest request) {
        return OllamaRequests.read(request.body());
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        return OllamaRequests.violations(request.body());
    }
}
