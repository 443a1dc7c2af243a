package dev.rein.tools.mcp;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the data of server-sent events. Not thread-safe. */
final class SseEvents {
    private final ByteLines lines;
    private @Nullable String lastId;
    private boolean started;

    SseEvents(InputStream in) {
        lines = new ByteLines(in, JsonRpc.MAX_MESSAGE);
    }

    /** The id of the last event that had one; null if none had. */
    @Nullable
    String lastId() {
        return lastId;
    }

    /** The data of the next event, empty if it has none; null after the last event. An incomplete event at the end is dropped. */
    @Nullable
    String next() throws IOException {
        var data = new StringBuilder();
        var any = false;
        for (var line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (any) {
                    return data.toString();
                }
                continue;
            }
            var colon = line.indexOf(':');
            var name = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (name.equals("data")) {
                if (data.length() + value.length() > JsonRpc.MAX_MESSAGE) {
                    throw new IOException(
                            "the MCP server sent an event of more than " + JsonRpc.MAX_MESSAGE + " bytes");
                }
                data.append(data.isEmpty() ? "" : "\n").append(value);
                any = true;
            } else if (name.equals("id")) {
                lastId = value;
                any = true;
            }
        }
        return null;
    }

    /** The next line. A byte order mark before the first one does not belong to it. */
    private @Nullable String line() throws IOException {
        var line = lines.next();
        var marked = !started && line != null && line.startsWith("\uFEFF");
        started = true;
        return marked && line != null ? line.substring(1) : line;
    }
}
