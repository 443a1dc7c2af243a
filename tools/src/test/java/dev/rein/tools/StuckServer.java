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
 * A server that takes requests, says what it is told to say, and then only waits for each client to go away. After an answer
 * with {@code Connection: close} it does not wait.
 */
final class StuckServer implements AutoCloseable {
    private final ServerSocket server;
    private final UnaryOperator<String> answers;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch asked;
    private final CountDownLatch left;

    StuckServer(String answer) throws IOException {
        this(1, path -> answer);
    }

    /**
     * @param clients how many are waited for by the methods that wait
     * @param answers by the path of the request, with its query
     */
    StuckServer(int clients, UnaryOperator<String> answers) throws IOException {
        this.answers = answers;
        asked = new CountDownLatch(clients);
        left = new CountDownLatch(clients);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** An answer that ends, and the connection with it. */
    static String whole(String type, String body) {
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
            asked.countDown();
            awaitEnd(client);
            left.countDown();
        } catch (IOException reset) {
            left.countDown();
        }
    }

    private static void awaitEnd(Socket client) {
        try {
            while (client.getInputStream().read() >= 0) {}
        } catch (IOException reset) {
            // A reset is an end too.
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** The paths that were asked for. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Waits until the clients have got their answers. */
    boolean awaitAsked() throws InterruptedException {
        return asked.await(10, TimeUnit.SECONDS);
    }

    /** Waits until the clients have closed their connections. */
    boolean awaitLeft() throws InterruptedException {
        return left.await(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
