package dev.rein.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that answers one request with given bytes, and then waits until the client closes the connection. */
final class RawServer implements AutoCloseable {

    /** Writes the response. */
    interface Answer {
        void write(OutputStream out) throws IOException;
    }

    private final ServerSocket listening;
    private final boolean readFirst;
    private final boolean closeAfterwards;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private RawServer(Answer answer, boolean readFirst, boolean closeAfterwards) throws IOException {
        this.readFirst = readFirst;
        this.closeAfterwards = closeAfterwards;
        listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> serve(answer));
    }

    static RawServer answering(String text) throws IOException {
        return new RawServer(out -> out.write(text.getBytes(StandardCharsets.UTF_8)), true, false);
    }

    /** A server that responds before it has received a request. */
    static RawServer answeringWithoutRequest(String text) throws IOException {
        return new RawServer(out -> out.write(text.getBytes(StandardCharsets.UTF_8)), false, true);
    }

    static RawServer answeringAndClosing(String text) throws IOException {
        return new RawServer(out -> out.write(text.getBytes(StandardCharsets.UTF_8)), true, true);
    }

    static RawServer writing(Answer answer) throws IOException {
        return new RawServer(answer, true, false);
    }

    String baseUrl() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/v1";
    }

    void awaitAnswered() throws InterruptedException {
        await(answered, "answered");
    }

    void awaitClosedByClient() throws InterruptedException {
        await(closed, "closed by the client");
    }

    private static void await(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("not " + what + " within 10 s");
        }
    }

    private void serve(Answer answer) {
        try (var socket = listening.accept()) {
            if (readFirst) {
                readRequest(socket);
            }
            try {
                answer.write(socket.getOutputStream());
                answered.countDown();
                if (!closeAfterwards) {
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException e) {
                // The client closed the connection while data was being sent, which resets it.
            }
            closed.countDown();
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var length = 0;
        for (var line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.readNBytes(length);
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
