package dev.rein.tools.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.cancel.Cancellation;
import dev.rein.text.PlainText;
import dev.rein.tools.internal.http.HttpFetch;
import dev.rein.tools.internal.http.HttpText;
import dev.rein.tools.internal.http.LimitedBody;
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
 * Calls a web service for a tool. Error messages name the host and a solution, but never contain headers, because these may contain a key.
 *
 * @param offlineAlternative the toolkit to use without a network
 */
record WebService(HttpFetch fetch, String userAgent, String offlineAlternative) {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static String urlEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The response, whatever its status. */
    HttpResponse<LimitedBody> get(URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        return getAll(List.of(uri), headers, 1, cancellation).getFirst();
    }

    JsonNode getJson(URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        return json(get(uri, headers, cancellation));
    }

    /** @param concurrency maximum number of concurrent requests */
    List<JsonNode> getAllJson(List<URI> uris, int concurrency, Cancellation cancellation) throws IOException {
        var nodes = new ArrayList<JsonNode>();
        for (var response : getAll(uris, Map.of(), concurrency, cancellation)) {
            nodes.add(json(response));
        }
        return nodes;
    }

    private List<HttpResponse<LimitedBody>> getAll(
            List<URI> uris, Map<String, String> headers, int concurrency, Cancellation cancellation)
            throws IOException {
        var requests = uris.stream().map(uri -> request(uri, headers)).toList();
        try {
            return fetch.sendAll(requests, concurrency, cancellation);
        } catch (IOException e) {
            throw new IOException(
                    PlainText.message(e) + "; check the network, or use " + offlineAlternative + ", which needs none",
                    e);
        }
    }

    private HttpRequest request(URI uri, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(uri).timeout(fetch.timeout()).setHeader("User-Agent", userAgent);
        headers.forEach(request::setHeader);
        return request.build();
    }

    /** @throws IOException if the status is not 200, or the body is truncated or not JSON */
    static JsonNode json(HttpResponse<LimitedBody> response) throws IOException {
        var text = text(response);
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    response.uri().getHost() + " responded with invalid JSON (" + e.getOriginalMessage()
                            + "): check the base URL",
                    e);
        }
    }

    /**
     * The body of a successful response.
     *
     * @throws IOException if the status is not 200, or the body is truncated
     */
    static String text(HttpResponse<LimitedBody> response) throws IOException {
        var host = response.uri().getHost();
        if (response.statusCode() != 200) {
            throw new IOException(host + " responded with status " + response.statusCode() + ": " + advice(response));
        }
        if (response.body().isTruncated()) {
            throw new IOException(host + " responded with more than "
                    + response.body().bytes().length
                    + " bytes: request fewer results, or increase the builder's bodyLimit");
        }
        return HttpText.body(response);
    }

    private static String advice(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status == 429) {
            return "too many requests; wait before the next one";
        }
        if (status >= 500) {
            return "it has an internal problem; try again later";
        }
        if (status >= 300 && status < 400) {
            return "it redirects to "
                    + response.headers().firstValue("Location").orElse("nowhere")
                    + "; set the right base URL in the builder";
        }
        return "it rejects the request; check the base URL";
    }
}
