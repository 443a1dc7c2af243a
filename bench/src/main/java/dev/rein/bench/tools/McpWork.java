package dev.rein.bench.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rein.tools.mcp.McpTools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Calls of MCP servers that never answer them. A call goes on until the server is told that it was cancelled. */
final class McpWork {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CallingModel MODEL = new CallingModel("wait", "{}");

    private McpWork() {}

    /** The result of a request; null if there is none. */
    private static String result(String method) {
        return switch (method) {
            case "initialize" ->
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}";
            case "tools/list" -> "{\"tools\":[{\"name\":\"wait\",\"inputSchema\":{\"type\":\"object\"}}]}";
            default -> "{}";
        };
    }

    /** A program that notes in a file which calls it has got and which were cancelled. */
    static Work stdio() throws IOException {
        var record = Files.createTempFile("bench-mcp", ".txt");
        var script = """
                while IFS= read -r line; do
                  case $line in
                    *'"method":"initialize"'*) printf '%%s\\n' '{"jsonrpc":"2.0","id":1,"result":%s}' ;;
                    *'"method":"tools/list"'*) printf '%%s\\n' '{"jsonrpc":"2.0","id":2,"result":%s}' ;;
                    *'"method":"tools/call"'*) echo + >> '%s' ;;
                    *'"method":"notifications/cancelled"'*) echo - >> '%s' ;;
                  esac
                done
                """.formatted(result("initialize"), result("tools/list"), record, record);
        var tools = McpTools.stdio("sh", "-c", script).connect();
        return new Works.Simple(tools.tools(), MODEL, 1, () -> open(record), () -> {
            tools.close();
            Files.delete(record);
        });
    }

    private static int open(Path record) throws IOException {
        var text = Files.readString(record);
        return (int) (text.chars().filter(c -> c == '+').count()
                - text.chars().filter(c -> c == '-').count());
    }

    /** A server over HTTP in this process. */
    static Work http() throws IOException {
        Set<String> open = ConcurrentHashMap.newKeySet();
        var end = new CountDownLatch(1);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/mcp", exchange -> handle(exchange, open, end));
        server.start();
        var tools = McpTools.http("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp")
                .connect();
        return new Works.Simple(tools.tools(), MODEL, 1, open::size, () -> {
            tools.close();
            end.countDown();
            server.stop(0);
            threads.shutdown();
        });
    }

    private static void handle(HttpExchange exchange, Set<String> open, CountDownLatch end) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            JsonNode message = JSON.readTree(exchange.getRequestBody());
            var method = message.path("method").asText();
            if (!message.has("id")) {
                open.remove(message.at("/params/requestId").asText());
                exchange.sendResponseHeaders(202, -1);
            } else if (method.equals("tools/call")) {
                open.add(message.get("id").asText());
                end.await();
            } else {
                var body = "{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + result(method) + "}";
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
