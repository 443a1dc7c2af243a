package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that {@link FakeProvider} has received. Immutable. */
public final class ReceivedRequest {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final long arrivedAtNanos;

    ReceivedRequest(String method, String target, Map<String, List<String>> headers, byte[] body, long arrivedAtNanos) {
        var mark = target.indexOf('?');
        this.method = method;
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? "" : target.substring(mark + 1);
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

    /** The query without the question mark; empty if there is none. */
    public String query() {
        return query;
    }

    /** All headers, with names in lower case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of a header; null if there is none. */
    public @Nullable String header(String name) {
        var values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.getFirst();
    }

    /** The time at which the complete request had been read, as a value of {@link System#nanoTime()}. */
    public long arrivedAtNanos() {
        return arrivedAtNanos;
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as JSON, parsed by each call; a missing node if the body is empty.
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
