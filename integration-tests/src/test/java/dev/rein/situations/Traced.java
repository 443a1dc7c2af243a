package dev.rein.situations;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Sees the events of agents with {@code debug(true)} in the moment in which they happen, while what makes them happen waits for
 * their lines, by standing in for standard error while such agents are started. An event's subscriber sees it later, when the
 * run has gone on.
 */
final class Traced implements AutoCloseable {
    /** Time, the beginning of the run's id, and the name of the event. */
    private static final Pattern LINE = Pattern.compile("[\\d:.]{12} +\\S{1,8} (\\w+) .*");

    private final PrintStream before = System.err;
    private volatile boolean hasSeenAny;

    /** @param seen gets the name of every event but RunContent, and may hold it up for a moment */
    Traced(Consumer<String> seen) {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                var matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    hasSeenAny = true;
                    seen.accept(matcher.group(1));
                }
            }
        });
    }

    /** @throws AssertionError if it has seen nothing: then its test has tested nothing */
    @Override
    public void close() {
        System.setErr(before);
        if (!hasSeenAny) {
            throw new AssertionError("no event was traced: have the lines of traces another form now?");
        }
    }
}
