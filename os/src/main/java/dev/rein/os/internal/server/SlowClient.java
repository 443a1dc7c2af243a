package dev.rein.os.internal.server;

import dev.rein.os.ServerLimits;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;

/**
 * Ends a connection whose client sends a request too slowly, or answers the pings of its WebSocket no more. A client whose bytes have
 * arrived and wait for a busy server is not slow. Called from time to time by one thread.
 */
final class SlowClient {
    /** Pings are sent every 20 s; two may go unanswered. */
    private static final long PONG_NANOS = Duration.ofSeconds(60).toNanos();

    /** The reason for which reading a body fails. */
    static final class SlowBodyException extends TimeoutException {
        private static final long serialVersionUID = 1L;

        private SlowBodyException(long rate, int least) {
            super("The body arrived at " + rate + " bytes per second: at least " + least + " are required");
        }
    }

    private final ClientEndPoint endPoint;
    private final ServerLimits limits;

    /** What the client has been sending since {@link #since}. */
    private ClientConnection.Part part = ClientConnection.Part.HEAD;

    private long since = System.nanoTime();

    /** The number of the request that is arriving. */
    private long request;

    /** The bytes that had been received at {@link #since}. */
    private long received;

    SlowClient(ClientEndPoint endPoint, ServerLimits limits) {
        this.endPoint = endPoint;
        this.limits = limits;
    }

    void check(long now) {
        if (endPoint.getConnection() instanceof ClientConnection http) {
            check(http, now);
        } else if (endPoint.received() != received) {
            startOver(now);
        } else if (now - since > PONG_NANOS && !(endPoint.isFillInterested() && endPoint.isBehind())) {
            endPoint.close();
        }
    }

    private void check(ClientConnection http, long now) {
        var awaited = http.awaited();
        if (awaited != part || http.getMessagesIn() != request) {
            part = awaited;
            request = http.getMessagesIn();
            startOver(now);
            return;
        }
        var elapsed = now - since;
        if (elapsed < limits.headTimeout().toNanos() || endPoint.isBehind()) {
            return;
        }
        switch (part) {
            case HEAD -> refuse("The head of a request must arrive within " + seconds());
            case BODY -> {
                var rate = (endPoint.received() - received) * 1e9 / elapsed;
                if (rate < limits.bodyBytesPerSecond()) {
                    endPoint.expire(new SlowBodyException((long) rate, limits.bodyBytesPerSecond()));
                } else {
                    startOver(now);
                }
            }
            case NOTHING, NONE -> {}
        }
    }

    private void startOver(long now) {
        since = now;
        received = endPoint.received();
    }

    private String seconds() {
        return limits.headTimeout().toMillis() / 1000.0 + " s";
    }

    /** Answers 408 and closes. No response is in progress while the head of a request arrives. */
    private void refuse(String detail) {
        var body = "{\"detail\":\"" + detail + "\"}";
        var response = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        try {
            endPoint.write(
                    Callback.from(endPoint::close, _ -> endPoint.close()),
                    ByteBuffer.wrap(response.getBytes(StandardCharsets.UTF_8)));
        } catch (WritePendingException e) {
            endPoint.close();
        }
    }
}
