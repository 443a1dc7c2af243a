package dev.rein.tools.mcp.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An MCP server that accepts requests with the tokens of an authorization server only. */
final class ProtectedMcpServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final AuthorizationTestServer authorization;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** The method and the token of each request that was accepted. */
    final List<String> accepted = new CopyOnWriteArrayList<>();

    final List<String> rejected = new CopyOnWriteArrayList<>();
    volatile String metadata;
    volatile String metadataUrl;
    volatile String requiredScope = "";
    volatile String redirect;
    volatile boolean acceptsNothing;

    ProtectedMcpServer(AuthorizationTestServer authorization) throws IOException {
        this.authorization = authorization;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/mcp", this::handle);
        server.createContext("/.well-known/oauth-protected-resource/mcp", exchange -> {
            try (exchange) {
                send(exchange, 200, metadata);
            }
        });
        server.start();
        metadata = "{\"resource\":\"" + url() + "\",\"authorization_servers\":[\"" + authorization.issuer()
                + "\"],\"scopes_supported\":[\"read\"]}";
        metadataUrl = origin() + "/.well-known/oauth-protected-resource/mcp";
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return origin() + "/mcp";
    }

    List<String> tokensOf(String method) {
        return accepted.stream()
                .filter(each -> each.startsWith(method + " "))
                .map(each -> each.substring(method.length() + 1))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            var token = header.startsWith("Bearer ") ? header.substring(7) : header;
            var scope = authorization.accessTokens.get(token);
            if (redirect != null) {
                exchange.getResponseHeaders().set("Location", redirect);
                exchange.sendResponseHeaders(307, -1);
                return;
            }
            if (acceptsNothing || scope == null && !token.equals("of-the-run")) {
                rejected.add(token);
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer error=\"invalid_token\", resource_metadata=\"" + metadataUrl + "\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var message = JSON.readTree(exchange.getRequestBody());
            var method = message.path("method").asText();
            if (method.equals("tools/call") && !requiredScope.isEmpty() && !scope.contains(requiredScope)) {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer error=\"insufficient_scope\", scope=\"" + requiredScope
                                        + "\", resource_metadata=\"" + metadataUrl + "\"");
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            accepted.add(method + " " + token);
            if (!message.has("id")) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            var result = switch (method) {
                case "initialize" -> "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}}}";
                case "tools/list" -> "{\"tools\":[{\"name\":\"go\"}]}";
                default -> "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
            };
            send(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + result + "}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
