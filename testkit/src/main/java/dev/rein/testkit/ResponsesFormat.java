package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;

/** See {@link ProviderFormat#responses()}. */
final class ResponsesFormat implements ProviderFormat {
    static final ResponsesFormat INSTANCE = new ResponsesFormat();

    private ResponsesFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && request.path().equals("/v1/responses");
    }

    @Override
    public ResponsesEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new ResponsesEncoder(body);
    }

    @Override
    public String error(int status, String message) {
        return FixtureJson.error(status, message);
    }

    @Override
    public ModelRequest read(ReceivedRequest request) {
        return OpenAiRequests.responses(request.body());
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        return MessageRules.OPENAI.requestViolations(request.body());
    }
}
