package dev.rein.bench.os;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A run whose events are read by a virtual thread of its own. Thread-safe once {@link #await} has returned. */
final class OpenStream implements AutoCloseable {
    private static final String EVENT = "event: ";
    private static final String CONTENT = "\"content\":\"";

    private final String runId = UUID.randomUUID().toString();
    private final String path;
    private final String form;
    private final int wanted;
    private final String tokenEvent;
    private final long openedAt = System.nanoTime();
    private final CountDownLatch started;
    private final List<Long> tokensAt = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Client client;
    private final Thread thread;
    private volatile long cancelledAt;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    private OpenStream(
            ServerProcess server, String path, String form, int wanted, String tokenEvent, CountDownLatch started)
            throws IOException {
        this.tokenEvent = tokenEvent;
        this.path = path;
        this.form = form + "&run_id=" + runId;
        this.wanted = wanted;
        this.started = started;
        this.client = new Client(server);
        this.thread = Thread.ofVirtual().unstarted(this::read);
    }

    /**
     * Starts a run of an agent or a team and reads on.
     *
     * @param component such as {@code /agents/writer}
     * @param session its session
     * @param wanted after how many tokens {@code started} is counted down
     */
    static OpenStream open(ServerProcess server, String component, String session, int wanted, CountDownLatch started)
            throws IOException {
        // What a bare server passes on has no names of events.
        var stream = new OpenStream(
                server,
                component + "/runs",
                "message=story&session_id=" + session,
                wanted,
                component.isEmpty() ? "" : "RunContent",
                started);
        stream.thread.start();
        return stream;
    }

    String runId() {
        return runId;
    }

    private void read() {
        try {
            client.post(path, form);
            var event = "";
            for (var line = client.line(); line != null; line = client.line()) {
                if (line.startsWith(EVENT)) {
                    event = line.substring(EVENT.length());
                    if (event.equals("RunCancelled") || event.equals("TeamRunCancelled")) {
                        // Of a team both come; its own is the last.
                        cancelledAt = System.nanoTime();
                    }
                } else if (event.equals(tokenEvent) && line.startsWith("data: ")) {
                    token(line);
                }
            }
        } catch (IOException e) {
            if (!closed) {
                failure = e;
            }
        } finally {
            client.close();
        }
    }

    private void token(String line) {
        var from = line.indexOf(CONTENT) + CONTENT.length();
        var to = line.indexOf('"', from);
        if (from < CONTENT.length() || to <= from) {
            // Nothing is said in it.
            return;
        }
        text.append(line, from, to);
        tokensAt.add(System.nanoTime());
        if (tokensAt.size() == wanted) {
            started.countDown();
        }
    }

    /** Waits for its end. @throws IOException if it broke */
    void await() throws IOException, InterruptedException {
        thread.join();
        var broken = failure;
        if (broken != null) {
            throw broken;
        }
    }

    /** When its cancelled event was read. @throws IllegalStateException if there was none */
    long cancelledAt() {
        if (cancelledAt == 0) {
            throw new IllegalStateException("run " + runId + " was not cancelled");
        }
        return cancelledAt;
    }

    /** Milliseconds from its opening to the first token. */
    double firstTokenMillis() {
        return (tokensAt.getFirst() - openedAt) / 1e6;
    }

    List<Long> tokensAt() {
        return tokensAt;
    }

    /** What the tokens said. */
    String text() {
        return text.toString();
    }

    /** Leaves. */
    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
