package dev.rein.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks one service on behalf of a tool. What goes wrong is told with the host and the way out, and never with a header,
 * which may hold a key.
 *
 * @param wayOut what to use without a network
 */
record WebService(HttpFetch fetch, String userAgent, String wayOut) {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The answer, whatever its status. */
    HttpResponse<LimitedBody> ask(URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        return askAll(List.of(uri), headers, 1, cancellation).getFirst();
    }

    JsonNode json(URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        return json(ask(uri, headers, cancellation));
    }

    /** @param bypassQueue how many are asked at a time */
    List<JsonNode> jsonOfAll(List<URI> uris, int bypassQueue, Cancellation cancellation) throws IOException {
        var nodes = new ArrayList<JsonNode>();
        for (var answer : askAll(uris, Map.of(), bypassQueue, cancellation)) {
            nodes.add(json(answer));
        }
        return nodes;
    }

    private List<HttpResponse<LimitedBody>> askAll(
            List<URI> uris, Map<String, String> headers, int bypassQueue, Cancellation cancellation)
            throws IOException {
        var requests = uris.stream().map(uri -> request(uri, headers)).toList();
        try {
            return fetch.sendAll(requests, bypassQueue, cancellation);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; check the network, or use " + wayOut + ", which needs none", e);
        }
    }

    private HttpRequest request(URI uri, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(uri).timeout(fetch.timeout()).setHeader("User-Agent", userAgent);
        headers.forEach(request::setHeader);
        return request.build();
    }

    static JsonNode json(HttpResponse<LimitedBody> answer) throws IOException {
        var text = text(answer);
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    answer.uri().getHost() + " answered with what is no JSON (" + e.getOriginalMessage()
                            + "): check the base URL",
                    e);
        }
    }

    /**
     * The whole text of a good answer.
     *
     * @throws IOException if its status is not 200 or it was cut off
     */
    static String text(HttpResponse<LimitedBody> answer) throws IOException {
        var host = answer.uri().getHost();
        if (answer.statusCode() != 200) {
            throw new IOException(host + " answered with status " + answer.statusCode() + ": " + advice(answer));
        }
        if (answer.body().isCut()) {
            throw new IOException(host + " answered with more than "
                    + answer.body().bytes().length + " bytes: ask for less, or raise the builder's bodyLimit");
        }
        return HttpText.body(answer);
    }

    private static String advice(HttpResponse<?> answer) {
        int status = answer.statusCode();
        if (status == 429) {
            return "it was asked too often, wait before asking again";
        }
        if (status >= 500) {
            return "it has trouble of its own, ask again later";
        }
        if (status >= 300 && status < 400) {
            return "it redirects to " + answer.headers().firstValue("Location").orElse("nowhere")
                    + ", give the right base URL to the builder";
        }
        return "it refuses this request, check the base URL";
    }
}
