package dev.rein.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that takes requests, says what it is told to say, and then only waits for each client to go away. */
final class StuckServer implements AutoCloseable {
    private final ServerSocket server;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    StuckServer(String answer) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> accept(answer));
    }

    private void accept(String answer) {
        while (true) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client, answer));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket accepted, String answer) {
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
            client.getOutputStream().write(answer.getBytes(US_ASCII));
            client.getOutputStream().flush();
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

    boolean awaitAsked() throws InterruptedException {
        return asked.await(10, TimeUnit.SECONDS);
    }

    /** Waits until the client has closed its connection. */
    boolean awaitLeft() throws InterruptedException {
        return left.await(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
