package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server with resources, prompts, and tools that report progress and ask the client. {@link #main} runs it over standard input and
 * output; each message that it receives is appended to a file.
 */
class FullMcpServer {
    static final ObjectMapper JSON = new ObjectMapper();
    private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(1_000);
    private final AtomicLong listed = new AtomicLong();

    /** @param arguments the file for the messages */
    public static void main(String... arguments) throws Exception {
        var record = Path.of(arguments[0]);
        var server = new FullMcpServer();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Files.writeString(record, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            var message = JSON.readTree(line);
            if (!server.answered(message) && message.has("id")) {
                Thread.ofVirtual().start(() -> server.handle(message, FullMcpServer::print));
            }
        }
    }

    private static synchronized void print(String line) {
        System.out.println(line);
    }

    /** @return whether it is the answer to a request of this server */
    boolean answered(JsonNode message) {
        var waiting =
                message.has("method") ? null : asked.remove(message.path("id").asLong());
        if (waiting != null) {
            waiting.complete(message);
        }
        return waiting != null;
    }

    /** Responds to a request, with messages of which the last one is the response. */
    void handle(JsonNode message, Consumer<String> out) {
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", message.get("id"));
        try {
            var result = JSON.readTree(result(message.get("method").asText(), message.path("params"), out));
            answer.set(result.has("code") ? "error" : "result", result);
            out.accept(answer.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String result(String method, JsonNode params, Consumer<String> out) throws IOException {
        return switch (method) {
            case "initialize" -> """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{},"resources":{"listChanged":true},"prompts":{}},
                 "serverInfo":{"name":"full","version":"1"}}""";
            case "tools/list" -> """
                {"tools":[{"name":"count"},{"name":"stall"},{"name":"ask"},{"name":"sample"},{"name":"read_resource"}]}""";
            case "resources/list" -> resources(params);
            case "resources/templates/list" -> """
                {"resourceTemplates":[{"uriTemplate":"notes://{folder}/{+path}","name":"note","mimeType":"text/plain"},{"name":"none"}]}""";
            case "resources/read" -> read(params.path("uri").asText(), out);
            case "prompts/list" -> """
                {"prompts":[{"name":"review","description":"Reviews code","arguments":[
                 {"name":"language","required":true},{"name":"tone","description":"how to say it"}]},{}]}""";
            case "prompts/get" -> """
                {"description":"a review","messages":[
                 {"role":"user","content":{"type":"text","text":"Review this %s."}},
                 {"role":"user","content":{"type":"image","data":"AAAA","mimeType":"image/png"}},
                 {"role":"assistant","content":{"type":"text","text":"Gladly."}},
                 {"role":"user","content":{"type":"resource","resource":{"uri":"notes://a","text":"int x;"}}}]}\
                """.formatted(params.at("/arguments/language").asText());
            case "tools/call" -> call(params, out);
            default -> """
                {"code":-32601,"message":"no such method"}""";
        };
    }

    private String resources(JsonNode params) {
        return params.has("cursor")
                ? "{\"resources\":[{\"uri\":\"notes://big\",\"name\":\"big\"},{\"name\":\"without an address\"}]}"
                : """
                {"resources":[{"uri":"notes://a","name":"a","title":"Note %d","description":"the first","mimeType":"text/plain","size":6}],
                 "nextCursor":"2"}""".formatted(listed.incrementAndGet());
    }

    private String read(String uri, Consumer<String> out) throws IOException {
        return switch (uri) {
            case "notes://a" -> """
                {"contents":[{"uri":"notes://a","mimeType":"text/plain","text":"int x;"},
                 {"uri":"notes://a.png","mimeType":"image/png","blob":"AQID"}]}""";
            case "notes://big" -> "{\"contents\":[{\"uri\":\"notes://big\",\"text\":\"" + "x".repeat(200_000) + "\"}]}";
            case "notes://huge" ->
                "{\"contents\":[{\"uri\":\"notes://huge\",\"text\":\"" + "x".repeat(17 << 20) + "\"}]}";
            case "notes://never" -> {
                new CompletableFuture<>().join();
                yield "";
            }
            case "ask://form" ->
                "{\"contents\":[{\"uri\":\"ask://form\",\"text\":"
                        + JSON.writeValueAsString(ask("elicitation/create", JSON.createObjectNode(), out)) + "}]}";
            default -> "{\"code\":-32002,\"message\":\"no resource " + uri + "\"}";
        };
    }

    private String call(JsonNode params, Consumer<String> out) throws IOException {
        var token = params.at("/_meta/progressToken");
        var arguments = params.path("arguments");
        return switch (params.path("name").asText()) {
            case "count" -> {
                var steps = arguments.path("steps").asInt();
                for (int i = 1; i <= steps; i++) {
                    out.accept(progress(token, i, steps));
                    pause(arguments.path("millis").asLong());
                }
                yield text("counted");
            }
            case "stall" -> {
                out.accept(progress(token, 1, 2));
                new CompletableFuture<>().join();
                yield "";
            }
            case "ask" -> text(ask("elicitation/create", arguments, out));
            case "sample" -> {
                for (int i = 1; i < arguments.path("times").asInt(1); i++) {
                    ask("sampling/createMessage", arguments, out);
                }
                yield text(ask("sampling/createMessage", arguments, out));
            }
            default -> text("the server's own " + params.path("name").asText());
        };
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String ask(String method, JsonNode params, Consumer<String> out) {
        var id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        asked.put(id, answer);
        ObjectNode request =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", params);
        out.accept(request.toString());
        var answered = answer.join();
        return (answered.has("result") ? answered.get("result") : answered.get("error")).toString();
    }

    private static String progress(JsonNode token, int done, int total) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                + ",\"progress\":" + done + ",\"total\":" + total + ",\"message\":\"step " + done + "\"}}";
    }

    private static String text(@Nullable String text) throws IOException {
        return JSON.writeValueAsString(
                Map.of("content", new Object[] {Map.of("type", "text", "text", String.valueOf(text))}));
    }
}
