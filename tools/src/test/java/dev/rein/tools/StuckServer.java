package dev.rein.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that takes one request, says what it is told to say, and then only waits for the client to go away. */
final class StuckServer implements AutoCloseable {
    private final ServerSocket server;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    StuckServer(String answer) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> serve(answer));
    }

    private void serve(String answer) {
        try (Socket client = server.accept()) {
            var in = client.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            client.getOutputStream().write(answer.getBytes(US_ASCII));
            client.getOutputStream().flush();
            asked.countDown();
            awaitEnd(client);
            left.countDown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
