package dev.rein.tools.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@link FullMcpServer} over streamable HTTP: each response is a stream of events. */
final class FullMcpHttpServer extends FullMcpServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();

    private final CompletableFuture<HttpExchange> stream = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether it asks on a stream of its own, instead of in the response to the call. */
    volatile boolean asksOnStream;

    FullMcpHttpServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/mcp", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    List<JsonNode> messages() {
        return messages;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("GET") && asksOnStream) {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(": hello\n\n".getBytes(UTF_8));
                exchange.getResponseBody().flush();
                stream.complete(exchange);
                closed.await();
                return;
            }
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var message = JSON.readTree(exchange.getRequestBody());
            messages.add(message);
            if (answered(message) || !message.has("id") || !message.has("method")) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            handle(
                    message,
                    event -> send(
                            asksOnStream && event.contains("elicitation/create") ? stream.join() : exchange, event));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, String event) {
        try {
            exchange.getResponseBody().write(("data: " + event + "\n\n").getBytes(UTF_8));
            exchange.getResponseBody().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
