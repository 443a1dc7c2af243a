package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as {@link FakeProvider} read it. Immutable. */
public final class ReceivedRequest {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final long arrivedAtNanos;

    ReceivedRequest(String method, String target, Map<String, List<String>> headers, byte[] body, long arrivedAtNanos) {
        var question = target.indexOf('?');
        this.method = method;
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.headers = headers;
        this.body = body;
        this.arrivedAtNanos = arrivedAtNanos;
    }

    public String method() {
        return method;
    }

    /** The path without its query, such as {@code /v1/chat/completions}. */
    public String path() {
        return path;
    }

    /** The query without its question mark; empty for none. */
    public String query() {
        return query;
    }

    /** All headers, names in lower case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of a header; null when it was not sent. */
    public @Nullable String header(String name) {
        var values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.getFirst();
    }

    /** When the whole request had been read, in {@link System#nanoTime()}. */
    public long arrivedAtNanos() {
        return arrivedAtNanos;
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as JSON, parsed anew by each call; a missing node for an empty body.
     *
     * @throws IllegalStateException if it is not JSON
     */
    public JsonNode body() {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return FixtureJson.MAPPER.readTree(body);
        } catch (IOException e) {
            var text = bodyText();
            throw new IllegalStateException(
                    "the body of " + this + " is not JSON: " + text.substring(0, Math.min(200, text.length())), e);
        }
    }

    int bodyLength() {
        return body.length;
    }

    boolean wantsClose() {
        return "close".equalsIgnoreCase(header("connection"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
