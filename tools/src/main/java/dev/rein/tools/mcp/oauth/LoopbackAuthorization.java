package dev.rein.tools.mcp.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the person at this machine: the browser is sent back to a port of this machine, which is open while the person is asked and reachable
 * from this machine only (RFC 8252). Immutable.
 */
public final class LoopbackAuthorization implements UserAuthorization {
    private static final String PATH = "/callback";

    private final Consumer<URI> browser;
    private final int port;

    private LoopbackAuthorization(Consumer<URI> browser, int port) {
        this.browser = Objects.requireNonNull(browser, "browser is null: give code that shows a URL");
        this.port = port;
    }

    /** @param browser shows a URL, for example by printing it or opening a browser; must not block for long */
    public static LoopbackAuthorization showing(Consumer<URI> browser) {
        return new LoopbackAuthorization(browser, 0);
    }

    /**
     * Returns a copy with a fixed port, for authorization servers that accept only the address that a client was registered with.
     *
     * @param value 1 to 65535, or 0 for any free port, which is the default
     */
    public LoopbackAuthorization withPort(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("port is " + value + ": give 0 to 65535");
        }
        return new LoopbackAuthorization(browser, value);
    }

    @Override
    public Attempt begin() throws IOException {
        return new Receiver();
    }

    private final class Receiver implements Attempt {
        private final HttpServer server;
        private final CompletableFuture<URI> answer = new CompletableFuture<>();
        private volatile @Nullable String state;

        Receiver() throws IOException {
            try {
                server = HttpServer.create(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 8);
            } catch (IOException e) {
                throw new IOException(
                        "port " + port + " of this machine can't be opened for the browser's answer: use another one",
                        e);
            }
            server.createContext(PATH, this::receive);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }

        @Override
        public URI redirectUri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
        }

        @Override
        public URI authorize(URI url) throws IOException, InterruptedException {
            state = parameter(url, "state");
            browser.accept(url);
            try {
                return answer.get();
            } catch (ExecutionException e) {
                throw new IOException("the browser's answer was not received", e);
            }
        }

        private void receive(HttpExchange exchange) throws IOException {
            try (exchange) {
                var received = exchange.getRequestURI();
                var expected = state;
                // Anybody on this machine can send requests to the port.
                var isAnswer = expected != null
                        && exchange.getRequestMethod().equals("GET")
                        && received.getPath().equals(PATH)
                        && expected.equals(parameter(received, "state"));
                var page = (isAnswer ? "Done. You can close this page." : "This is not the answer that is waited for.")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
                exchange.sendResponseHeaders(isAnswer ? 200 : 400, page.length);
                exchange.getResponseBody().write(page);
                if (isAnswer) {
                    answer.complete(redirectUri().resolve(received.toString()));
                }
            }
        }

        private static @Nullable String parameter(URI uri, String name) {
            var query = uri.getRawQuery();
            return query == null
                    ? null
                    : Arrays.stream(query.split("&"))
                            .filter(each -> each.startsWith(name + "="))
                            .map(each -> each.substring(name.length() + 1))
                            .findFirst()
                            .orElse(null);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
