package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;

/** See {@link ProviderFormat#chatCompletions()}. */
final class ChatFormat implements ProviderFormat {
    static final ChatFormat INSTANCE = new ChatFormat();

    private ChatFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && request.path().equals("/v1/chat/completions");
    }

    @Override
    public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new ChatEncoder(body);
    }

    @Override
    public String error(int status, String message) {
        return FixtureJson.error(status, message);
    }

    @Override
    public ModelRequest read(ReceivedRequest request) {
        return OpenAiRequests.chat(request.body());
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        return MessageRules.OPENAI.requestViolations(request.body());
    }
}
