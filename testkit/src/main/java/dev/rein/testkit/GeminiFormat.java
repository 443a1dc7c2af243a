package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** See {@link ProviderFormat#gemini()}. */
final class GeminiFormat implements ProviderFormat {
    static final GeminiFormat INSTANCE = new GeminiFormat();

    private static final Pattern PATH =
            Pattern.compile("/v1(?:beta|alpha)?/models/([^/:]+):(streamGenerateContent|generateContent)");

    private GeminiFormat() {}

    @Override
    public boolean serves(ReceivedRequest request) {
        return request.method().equals("POST") && path(request).matches();
    }

    @Override
    public boolean isStreamed(ReceivedRequest request, JsonNode body) {
        return request.path().endsWith(":streamGenerateContent");
    }

    @Override
    public String contentType() {
        return "text/event-stream";
    }

    @Override
    public ResponseEncoder encoder(ReceivedRequest request, JsonNode body) {
        return new GeminiEncoder(model(request));
    }

    /** See https://ai.google.dev/gemini-api/docs/troubleshooting */
    @Override
    public String error(int status, String message) {
        var body = FixtureJson.object();
        body.putObject("error")
                .put("code", status)
                .put("message", message)
                .put(
                        "status",
                        switch (status) {
                            case 400 -> "INVALID_ARGUMENT";
                            case 401 -> "UNAUTHENTICATED";
                            case 403 -> "PERMISSION_DENIED";
                            case 404 -> "NOT_FOUND";
                            case 429 -> "RESOURCE_EXHAUSTED";
                            case 503 -> "UNAVAILABLE";
                            case 504 -> "DEADLINE_EXCEEDED";
                            default -> status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
                        });
        return FixtureJson.write(body);
    }

    @Override
    public ModelRequest read(ReceivedRequest request) {
        return GeminiRequests.read(request.body());
    }

    @Override
    public List<String> violations(ReceivedRequest request) {
        return GeminiViolations.of(request, model(request));
    }

    static String model(ReceivedRequest request) {
        var path = path(request);
        return path.matches() ? path.group(1) : "";
    }

    private static Matcher path(ReceivedRequest request) {
        return PATH.matcher(request.path());
    }
}
