package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;

/** See {@link ProviderFormat#anthropicMessages()}. */
final class MessagesFormat implements ProviderFormat {
    static final MessagesFormat INSTANCE = new MessagesFormat();

    private MessagesFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && request.path().equals("/v1/messages");
    }

    @Override
    public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new MessagesEncoder(body);
    }

    /** See https://platform.claude.com/docs/en/api/errors */
    @Override
    public String error(int status, String message) {
        var type = switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
        return FixtureJson.write(MessagesEncoder.error(type, message).put("request_id", Ids.fresh("req_")));
    }

    @Override
    public ModelRequest read(ReceivedRequest request) {
        return MessagesRequests.read(request.body());
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        return MessagesViolations.of(request);
    }
}
