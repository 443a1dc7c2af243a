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
import org.jspecify.annotations.Nullable;

/**
 * A small MCP server, implemented without the SDK so that the messages themselves are tested. Its tool {@code slow} never responds. The
 * program communicates through its standard input and output, and appends each message that it receives to a file.
 */
public final class McpTestServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private McpTestServer() {}

    /** @param arguments the file for the messages, and optionally "deaf" to ignore TERM and the end of the input */
    public static void main(String[] arguments) throws Exception {
        var record = Path.of(arguments[0]);
        var deaf = arguments.length > 1 && arguments[1].equals("deaf");
        if (deaf) {
            Runtime.getRuntime().addShutdownHook(new Thread(McpTestServer::sleepForever));
        }
        Files.writeString(
                record.resolveSibling("server.pid"), ProcessHandle.current().pid() + "\n");
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Files.writeString(record, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            var answer = answer(JSON.readTree(line));
            if (answer != null) {
                System.out.println(answer);
            }
        }
        if (deaf) {
            sleepForever();
        }
    }

    private static void sleepForever() {
        while (true) {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                // Ignored too.
            }
        }
    }

    /** The response to a message; null if it needs none. */
    static @Nullable ObjectNode answer(JsonNode message) throws IOException {
        if (!message.has("id") || !message.has("method")) {
            return null;
        }
        var result = switch (message.get("method").textValue()) {
            case "initialize" -> """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},
                 "serverInfo":{"name":"test","version":"1"}}\
                """;
            case "tools/list" -> """
                {"tools":[
                 {"name":"echo","description":"Says it again",
                  "inputSchema":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}},
                 {"name":"files.slow","title":"Never answers","inputSchema":{"type":"object"}},
                 {"name":"fail","inputSchema":{"type":"object","properties":{}}},
                 {"name":"refuse","inputSchema":{"type":"object","properties":{}}},
                 {"name":"rich","inputSchema":{"type":"object","properties":{}}},
                 {"name":"environment","inputSchema":{"type":"object","properties":{}}},
                 {"name":"exit","inputSchema":{"type":"object","properties":{}}}]}\
                """;
            case "tools/call" -> call(message.get("params"));
            default -> "{}";
        };
        if (result == null) {
            return null;
        }
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", message.get("id"));
        var json = JSON.readTree(result);
        answer.set(json.has("code") ? "error" : "result", json);
        return answer;
    }

    private static @Nullable String call(JsonNode params) throws IOException {
        return switch (params.get("name").textValue()) {
            case "echo" ->
                "{\"content\":[{\"type\":\"text\",\"text\":"
                        + JSON.writeValueAsString(params.at("/arguments/text").asText()) + "}]}";
            case "files.slow" -> null;
            case "environment" ->
                "{\"content\":[{\"type\":\"text\",\"text\":"
                        + JSON.writeValueAsString(
                                String.join("\n", System.getenv().keySet())) + "}]}";
            case "fail" -> "{\"content\":[{\"type\":\"text\",\"text\":\"no such file\"}],\"isError\":true}";
            case "refuse" -> "{\"code\":-32602,\"message\":\"bad arguments\"}";
            case "rich" -> """
                {"content":[{"type":"text","text":"one"},{"type":"image","data":"AAAA","mimeType":"image/png"},
                 {"type":"resource","resource":{"uri":"file:///a","text":"two"}}]}\
                """;
            default -> {
                Runtime.getRuntime().halt(3);
                yield null;
            }
        };
    }
}
