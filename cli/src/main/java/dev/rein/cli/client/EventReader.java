package dev.rein.cli.client;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of events. AgentOS sends something at least each second, so a silence is reported to the user once it has lasted for the
 * client's time-out, and ends the stream after ten times of that. Used by one thread; any thread may close it.
 */
final class EventReader implements AutoCloseable {
    private static final String EVENT = "event:";
    private static final String DATA = "data:";
    private static final int MAX_LINE = 64 << 20;
    private static final int TOLERATED_TIMEOUTS = 10;

    private final InputStream body;
    private final Reader text;
    private final OsClient client;
    private final Consumer<String> notes;
    private final Thread watch;
    private volatile long lastSignAt = System.nanoTime();
    private volatile boolean silent;

    EventReader(InputStream body, OsClient client, Consumer<String> notes) {
        this.body = body;
        this.text = new BufferedReader(new InputStreamReader(observed(body), StandardCharsets.UTF_8));
        this.client = client;
        this.notes = notes;
        this.watch = Thread.ofVirtual().name("rein-silence").start(this::watch);
    }

    private InputStream observed(InputStream stream) {
        return new FilterInputStream(stream) {
            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                var count = super.read(bytes, from, length);
                lastSignAt = System.nanoTime();
                return count;
            }
        };
    }

    private void watch() {
        var limit = client.timeout().toNanos();
        var noted = false;
        try {
            while (true) {
                var silence = System.nanoTime() - lastSignAt;
                if (silence >= TOLERATED_TIMEOUTS * limit) {
                    silent = true;
                    OsClient.closeQuietly(body);
                    return;
                }
                if (silence >= limit && !noted) {
                    noted = true;
                    notes.accept("nothing has come from " + client.url() + " for "
                            + client.timeout().toMillis() / 1e3
                            + " s: if a proxy is in front of it, turn off its buffering of responses; still waiting");
                }
                TimeUnit.NANOSECONDS.sleep((noted ? TOLERATED_TIMEOUTS * limit : limit) - silence);
            }
        } catch (InterruptedException e) {
            // The stream is closed.
        }
    }

    /**
     * Waits for the next event.
     *
     * @return null at the end
     * @throws ClientException if the connection is lost
     */
    @Nullable
    EventFrame next() {
        var event = "";
        try {
            for (var line = line(); line != null; line = line()) {
                if (line.startsWith(EVENT)) {
                    event = value(line, EVENT);
                } else if (line.startsWith(DATA)) {
                    return client.frame(event, value(line, DATA));
                }
                // Other lines are keep-alive comments and the empty lines between events.
            }
            return null;
        } catch (IOException e) {
            throw silent
                    ? client.lost(new IOException("nothing came for "
                            + TOLERATED_TIMEOUTS * client.timeout().toMillis() / 1e3 + " s"))
                    : client.lost(e);
        }
    }

    private static String value(String line, String field) {
        var from = line.startsWith(" ", field.length()) ? field.length() + 1 : field.length();
        return line.substring(from);
    }

    /** The next line; null at the end. */
    private @Nullable String line() throws IOException {
        var line = new StringBuilder();
        for (var next = text.read(); next >= 0; next = text.read()) {
            if (next == '\n') {
                var end = line.length();
                if (end > 0 && line.charAt(end - 1) == '\r') {
                    line.setLength(end - 1);
                }
                return line.toString();
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("an event has more than " + MAX_LINE + " characters");
            }
            line.append((char) next);
        }
        return line.isEmpty() ? null : line.toString();
    }

    @Override
    public void close() {
        watch.interrupt();
        OsClient.closeQuietly(body);
    }
}
