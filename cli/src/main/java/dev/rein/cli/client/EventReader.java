package dev.rein.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a stream of events. Used by one thread; any thread may close it. */
final class EventReader implements AutoCloseable {
    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private final InputStream body;
    private final BufferedReader lines;
    private final OsClient client;

    EventReader(InputStream body, OsClient client) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        this.client = client;
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
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(EVENT)) {
                    event = line.substring(EVENT.length());
                } else if (line.startsWith(DATA)) {
                    return client.frame(event, line.substring(DATA.length()));
                }
                // Other lines are keep-alive comments and the empty lines between events.
            }
            return null;
        } catch (IOException e) {
            throw client.lost(e);
        }
    }

    @Override
    public void close() {
        OsClient.closeQuietly(body);
    }
}
