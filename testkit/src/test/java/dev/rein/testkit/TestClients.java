package dev.rein.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Clients for the tests of the provider. */
final class TestClients {
    static final String CHAT = "{\"model\":\"gpt-4o\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    static final String CHAT_WHOLE = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    static final String RESPONSE = "{\"model\":\"gpt-4o\",\"stream\":true,\"input\":\"hi\"}";
    static final String RESPONSE_WHOLE = "{\"model\":\"gpt-4o\",\"input\":\"hi\"}";

    private TestClients() {}

    static HttpClient http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    static HttpRequest post(FakeProvider provider, String path, String body) {
        return HttpRequest.newBuilder(URI.create(provider.baseUrl() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static HttpResponse<String> send(FakeProvider provider, String path, String body) throws Exception {
        try (var http = http()) {
            return http.send(post(provider, path, body), HttpResponse.BodyHandlers.ofString());
        }
    }

    static HttpResponse<String> get(FakeProvider provider, String path) throws Exception {
        try (var http = http()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(provider.baseUrl() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Sends a request through a plain socket, without reading the response. */
    static Socket raw(FakeProvider provider, String path, String body) throws IOException {
        var socket = new Socket("127.0.0.1", provider.port());
        socket.getOutputStream().write(rawRequest(path, body).getBytes(UTF_8));
        return socket;
    }

    static String rawRequest(String path, String body) {
        return "POST /v1" + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }

    /** The data of the events that are JSON. */
    static List<JsonNode> data(String events) throws IOException {
        var all = new ArrayList<JsonNode>();
        for (var line : events.split("\n")) {
            if (line.startsWith("data: {")) {
                all.add(FixtureJson.MAPPER.readTree(line.substring("data: ".length())));
            }
        }
        return all;
    }
}
