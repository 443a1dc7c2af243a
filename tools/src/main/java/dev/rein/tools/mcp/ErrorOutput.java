package dev.rein.tools.mcp;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** The last lines that a server program has written to its standard error, without secrets. Thread-safe. */
final class ErrorOutput {
    private static final int MAX_LINES = 20;
    private static final int MAX_LENGTH = 500;

    /** Shorter values would also hide parts of ordinary words. */
    private static final int MIN_SECRET = 6;

    private final List<String> secrets;
    private final Deque<String> lines = new ArrayDeque<>();

    /** @param secrets texts that are replaced by asterisks, such as keys given to the program */
    ErrorOutput(Collection<String> secrets) {
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= MIN_SECRET)
                .sorted((first, second) -> second.length() - first.length())
                .toList();
    }

    void add(String line) {
        var text = line;
        for (var secret : secrets) {
            text = text.replace(secret, "***");
        }
        text = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
        synchronized (lines) {
            lines.add(text);
            if (lines.size() > MAX_LINES) {
                lines.removeFirst();
            }
        }
    }

    /** The end of an error message; empty if nothing was written. */
    String describe() {
        synchronized (lines) {
            return lines.isEmpty() ? "" : "; its last error output was:\n" + String.join("\n", lines);
        }
    }
}
