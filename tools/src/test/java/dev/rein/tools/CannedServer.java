package dev.rein.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that returns given responses by path, and 404 for other paths. */
public final class CannedServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    public record Request(String uri, Headers headers) {}

    /** Produces the body of a response. */
    public interface Body {
        String get(String path) throws Exception;
    }

    public CannedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    public CannedServer json(String path, String body) {
        return serve(path, 200, "application/json", body);
    }

    public CannedServer html(String path, String body) {
        return serve(path, 200, "text/html; charset=UTF-8", "<!DOCTYPE html><html><body>" + body + "</body></html>");
    }

    public CannedServer serve(String path, int status, String type, String body) {
        return serve(path, status, type, any -> body);
    }

    /** Sets the response for all paths that begin with {@code path}. */
    public CannedServer serve(String path, int status, String type, Body body) {
        server.createContext(path, exchange -> {
            requests.add(new Request(exchange.getRequestURI().toString(), exchange.getRequestHeaders()));
            answer(exchange, status, type, body);
        });
        return this;
    }

    private static void answer(HttpExchange exchange, int status, String type, Body body) throws IOException {
        try (exchange) {
            var bytes = body.get(exchange.getRequestURI().getPath()).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<String> uris() {
        return requests.stream().map(Request::uri).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
