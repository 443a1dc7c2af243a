package dev.rein.situations;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Sees the events of agents with {@code debug(true)} in the moment in which they happen, on the thread that makes them
 * happen, by standing in for standard error while such agents are started. An event's subscriber sees it later, when the run
 * has gone on.
 */
final class Traced implements AutoCloseable {
    private static final int NAME = 3;
    private static final int COLUMNS = 5;

    private final PrintStream before = System.err;

    /** @param seen gets the name of every event but RunContent, and may hold it up */
    Traced(Consumer<String> seen) {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public PrintStream printf(String format, Object... columns) {
                if (columns.length == COLUMNS) {
                    seen.accept((String) columns[NAME]);
                }
                return this;
            }
        });
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
