package dev.rein.tools.mcp.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An authorization server that checks what it is sent. Its page permits every access at once. */
final class AuthorizationTestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    /** What was requested of each endpoint: the parameters, with the Authorization header as "authorization". */
    final Map<String, List<Map<String, String>>> requests = new ConcurrentHashMap<>();

    final List<JsonNode> registrations = new CopyOnWriteArrayList<>();

    /** The scope of each access token that is valid, by token. */
    final Map<String, String> accessTokens = new ConcurrentHashMap<>();

    final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    volatile int lifetime = 3_600;
    volatile Consumer<ObjectNode> metadata = node -> {};
    volatile String redirectSuffix = "";

    AuthorizationTestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/tenant";
    }

    List<Map<String, String>> requests(String endpoint) {
        return requests.getOrDefault(endpoint, List.of());
    }

    List<Map<String, String>> tokenRequests(String grantType) {
        return requests("/token").stream()
                .filter(each -> grantType.equals(each.get("grant_type")))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            switch (path) {
                case "/.well-known/oauth-authorization-server/tenant" -> send(exchange, 200, metadata());
                case "/register" -> register(exchange, JSON.readTree(body));
                case "/authorize" ->
                    authorize(exchange, parameters(exchange.getRequestURI().getRawQuery()));
                case "/token" -> token(exchange, parameters(body));
                default -> send(exchange, 404, JSON.createObjectNode());
            }
        }
    }

    private ObjectNode metadata() {
        var base = "http://127.0.0.1:" + server.getAddress().getPort();
        var node = JSON.createObjectNode().put("issuer", issuer());
        node.put("authorization_endpoint", base + "/authorize?theme=dark");
        node.put("token_endpoint", base + "/token");
        node.put("registration_endpoint", base + "/register");
        node.putArray("code_challenge_methods_supported").add("plain").add("S256");
        metadata.accept(node);
        return node;
    }

    private void register(HttpExchange exchange, JsonNode body) throws IOException {
        registrations.add(body);
        send(exchange, 201, JSON.createObjectNode().put("client_id", "client-" + registrations.size()));
    }

    private void authorize(HttpExchange exchange, Map<String, String> query) throws IOException {
        record("/authorize", query);
        var code = "code-" + numbers.incrementAndGet();
        codes.put(code, query);
        var suffix = redirectSuffix.isEmpty()
                ? "?code=" + code + "&state=" + query.get("state")
                : redirectSuffix.replace("STATE", query.get("state")).replace("CODE", code);
        exchange.getResponseHeaders().set("Location", query.get("redirect_uri") + suffix);
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
        form.put("authorization", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        record("/token", form);
        var error = problem(form);
        if (error != null) {
            send(exchange, 400, JSON.createObjectNode().put("error", error));
            return;
        }
        var number = numbers.incrementAndGet();
        var scope = scope(form);
        accessTokens.put("access-" + number, scope);
        var answer = JSON.createObjectNode()
                .put("access_token", "access-" + number)
                .put("token_type", "bearer")
                .put("expires_in", lifetime)
                .put("scope", scope);
        if (!"client_credentials".equals(form.get("grant_type"))) {
            refreshTokens.put("refresh-" + number, scope);
            answer.put("refresh_token", "refresh-" + number);
        }
        send(exchange, 200, answer);
    }

    private String scope(Map<String, String> form) {
        return switch (form.get("grant_type")) {
            case "authorization_code" -> codes.remove(form.get("code")).getOrDefault("scope", "none");
            case "refresh_token" -> refreshTokens.remove(form.get("refresh_token"));
            default -> form.getOrDefault("scope", "none");
        };
    }

    private String problem(Map<String, String> form) {
        if (!form.containsKey("resource")) {
            return "invalid_target";
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> {
                var asked = codes.get(form.getOrDefault("code", ""));
                yield asked != null
                                && asked.get("redirect_uri").equals(form.get("redirect_uri"))
                                && asked.get("client_id").equals(form.get("client_id"))
                                && asked.get("resource").equals(form.get("resource"))
                                && asked.get("code_challenge").equals(hash(form.getOrDefault("code_verifier", "")))
                        ? null
                        : "invalid_grant";
            }
            case "refresh_token" ->
                refreshTokens.containsKey(form.getOrDefault("refresh_token", "")) ? null : "invalid_grant";
            case "client_credentials" ->
                form.get("authorization").equals("Basic " + base64("service:s3cret%3A%2F")) ? null : "invalid_client";
            default -> "unsupported_grant_type";
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String hash(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void record(String endpoint, Map<String, String> parameters) {
        requests.computeIfAbsent(endpoint, _ -> new CopyOnWriteArrayList<>()).add(parameters);
    }

    private static Map<String, String> parameters(String encoded) {
        var found = new HashMap<String, String>();
        Arrays.stream(encoded.split("&"))
                .map(each -> each.split("=", 2))
                .filter(each -> each.length == 2)
                .forEach(each -> found.put(each[0], URLDecoder.decode(each[1], UTF_8)));
        return found;
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        var bytes = body.toString().getBytes(UTF_8);
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
