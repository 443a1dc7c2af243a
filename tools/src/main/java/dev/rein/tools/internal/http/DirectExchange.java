package dev.rein.tools.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 request over a connection of its own to one of the given addresses. {@link HttpClient} looks up the host itself, possibly
 * with another result than the check of its addresses.
 */
final class DirectExchange implements HttpFetch.Exchange {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int DEFAULT_CONNECT_SECONDS = 10;
    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final HttpClient settings;
    private final HttpRequest request;
    private final List<InetAddress> addresses;
    private final LimitedBody body;
    private final long deadline;
    private final CompletableFuture<HttpResponse<LimitedBody>> response = new CompletableFuture<>();
    private volatile @Nullable Socket connection;
    private volatile boolean closed;

    private DirectExchange(
            HttpClient settings, HttpRequest request, List<InetAddress> addresses, LimitedBody body, long deadline) {
        this.settings = settings;
        this.request = request;
        this.addresses = addresses;
        this.body = body;
        this.deadline = deadline;
    }

    /** @param settings a client with the TLS settings and the connect timeout */
    static DirectExchange start(
            HttpClient settings, HttpRequest request, List<InetAddress> addresses, LimitedBody body, long deadline) {
        var exchange = new DirectExchange(settings, request, addresses, body, deadline);
        Thread.ofVirtual().name("rein-http").start(exchange::run);
        return exchange;
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public CompletableFuture<HttpResponse<LimitedBody>> response() {
        return response;
    }

    /** Closes the connection, whatever the exchange does at the moment. */
    @Override
    public void close() {
        closed = true;
        response.cancel(false);
        closeConnection();
    }

    private void closeConnection() {
        var open = connection;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The connection is no longer used.
            }
        }
    }

    private void run() {
        try {
            var stream = secured(connect());
            var content = content(request);
            var out = stream.getOutputStream();
            out.write(head(content.length));
            out.write(content);
            out.flush();
            response.complete(new Http1Response(stream.getInputStream()).read(request, body));
        } catch (IOException | RuntimeException e) {
            response.completeExceptionally(e);
        } finally {
            closeConnection();
        }
    }

    private Socket connect() throws IOException {
        @Nullable IOException failure = null;
        for (var address : addresses) {
            // A socket without this argument may use a SOCKS proxy, which is chosen elsewhere.
            var socket = new Socket(Proxy.NO_PROXY);
            connection = socket;
            if (closed) {
                closeConnection();
                throw new IOException("the request was cancelled");
            }
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port()), connectMillis());
                return socket;
            } catch (IOException e) {
                closeConnection();
                failure = failure == null ? e : failure;
            }
        }
        throw failure == null ? new IOException("the host has no address") : failure;
    }

    private int connectMillis() throws HttpTimeoutException {
        var remaining = Duration.ofNanos(deadline - System.nanoTime());
        if (!remaining.isPositive()) {
            throw new HttpTimeoutException("no time is left to connect");
        }
        var limit = settings.connectTimeout().orElse(Duration.ofSeconds(DEFAULT_CONNECT_SECONDS));
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(Math.min(remaining.toNanos(), limit.toNanos())), 1, 60_000);
    }

    private Socket secured(Socket socket) throws IOException {
        if (!isHttps()) {
            return socket;
        }
        var host = request.uri().getHost();
        var name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        // Closing the connection closes the socket below, because this one would wait for a write that hangs.
        var secured = (SSLSocket) settings.sslContext().getSocketFactory().createSocket(socket, name, port(), true);
        var parameters = settings.sslParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private boolean isHttps() {
        return "https".equalsIgnoreCase(request.uri().getScheme());
    }

    private int port() {
        var port = request.uri().getPort();
        return port >= 0 ? port : isHttps() ? HTTPS_PORT : HTTP_PORT;
    }

    private byte[] head(int length) {
        var uri = URI.create(request.uri().toASCIIString());
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var text = new StringBuilder(request.method())
                .append(' ')
                .append(path)
                .append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(uri.getHost())
                .append(uri.getPort() < 0 ? "" : ":" + uri.getPort())
                .append("\r\n");
        // HttpRequest has checked that names and values have no line breaks.
        request.headers()
                .map()
                .forEach((name, values) -> values.forEach(
                        value -> text.append(name).append(": ").append(value).append("\r\n")));
        if (length > 0 || METHODS_WITH_BODY.contains(request.method())) {
            text.append("Content-Length: ").append(length).append("\r\n");
        }
        return text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The body of a request, which is in memory. */
    private static byte[] content(HttpRequest request) {
        var bytes = new ByteArrayOutputStream();
        request.bodyPublisher()
                .filter(publisher -> publisher.contentLength() > 0)
                .ifPresent(publisher -> collect(publisher, bytes));
        return bytes.toByteArray();
    }

    private static void collect(BodyPublisher publisher, ByteArrayOutputStream bytes) {
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
                var copy = new byte[buffer.remaining()];
                buffer.get(copy);
                bytes.writeBytes(copy);
            }

            @Override
            public void onError(Throwable failure) {
                throw new IllegalStateException(failure);
            }

            @Override
            public void onComplete() {}
        });
    }
}
