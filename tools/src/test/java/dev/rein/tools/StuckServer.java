package dev.rein.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A server that sends a given response, possibly an incomplete one, to each request, and then waits until the client closes the
 * connection. After a response with {@code Connection: close} it closes the connection itself.
 */
public final class StuckServer implements AutoCloseable {
    private final ServerSocket server;
    private final UnaryOperator<String> answers;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch responded;
    private final CountDownLatch closed;

    public StuckServer(String answer) throws IOException {
        this(1, path -> answer);
    }

    /**
     * @param clients number of clients that {@link #awaitResponses} and {@link #awaitClosed} wait for
     * @param answers the response to a request, by its path with the query
     */
    public StuckServer(int clients, UnaryOperator<String> answers) throws IOException {
        this.answers = answers;
        responded = new CountDownLatch(clients);
        closed = new CountDownLatch(clients);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** A complete response, after which the connection is closed. */
    public static String whole(String type, String body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private void accept() {
        while (true) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (var client = accepted) {
            var in = client.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                var next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            var path = head.toString().split(" ")[1];
            requests.add(path);
            var answer = answers.apply(path);
            client.getOutputStream().write(answer.getBytes(US_ASCII));
            client.getOutputStream().flush();
            if (answer.contains("Connection: close")) {
                return;
            }
            responded.countDown();
            awaitEnd(client);
            closed.countDown();
        } catch (IOException reset) {
            closed.countDown();
        }
    }

    private static void awaitEnd(Socket client) {
        try {
            while (client.getInputStream().read() >= 0) {}
        } catch (IOException reset) {
            // A reset also ends the connection.
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** The paths of all requests. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Waits until the responses have been sent. */
    public boolean awaitResponses() throws InterruptedException {
        return responded.await(10, TimeUnit.SECONDS);
    }

    /** Waits until the clients have closed their connections. */
    public boolean awaitClosed() throws InterruptedException {
        return closed.await(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
