package dev.rein.tools;

import dev.rein.cancel.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a command line.
 *
 * <p>The command runs in a shell inside of a shell. The outer one tells on a channel of its own, its standard error, how
 * the inner one ended, and then stays until its input is closed: so the JVM does not see the end of its child before the
 * rest of the tree is ended, and does not read on its own what a program in the background writes without end. No thread
 * blocks in a read: the pipes are asked what they have.
 */
final class ShellCommand {
    // The inner shell is in parentheses because a shell that waits keeps the redirections of what it waits for, and
    // would
    // wait for room in a full pipe to say "Terminated".
    private static final String OUTER = """
            trap : TERM
            exec 3>&2 2>/dev/null
            (exec /bin/sh -c "$1" </dev/null 2>&1 3>&-)
            echo $? >&3
            exec >/dev/null
            read _
            """;

    private static final Logger log = LoggerFactory.getLogger(ShellCommand.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

    private final ProcessBuilder builder;
    private final Duration timeout;
    private final HeadTail output;
    private final StringBuilder end = new StringBuilder();
    private final byte[] buffer = new byte[64 * 1024];

    ShellCommand(String command, ProcessBuilder builder, Duration timeout, int outputLimit) {
        this.builder = builder.command("/bin/sh", "-c", OUTER, "sh", command)
                .redirectOutput(Redirect.PIPE)
                .redirectError(Redirect.PIPE);
        this.timeout = timeout;
        this.output = new HeadTail(outputLimit);
    }

    String run(Cancellation cancellation) throws IOException {
        cancellation.throwIfCancelled();
        var tree = ProcessTree.start(builder);
        List<Long> survivors;
        @Nullable Integer exitCode;
        try (var _ = cancellation.onCancel(() -> stop(tree))) {
            try {
                exitCode = read(tree.process(), cancellation);
            } finally {
                survivors = stop(tree);
            }
        }
        cancellation.throwIfCancelled();
        return describe(exitCode, survivors);
    }

    /** Reads until the command has ended. @return its exit code; null when it took too long */
    private @Nullable Integer read(Process process, Cancellation cancellation) throws IOException {
        var deadline = System.nanoTime() + timeout.toNanos();
        var pause = SHORTEST_PAUSE;
        while (System.nanoTime() < deadline) {
            // In this order: what was written before the end is there once the end is known.
            var ended = readEnd(process) || !process.isAlive();
            var some = readOutput(process.getInputStream());
            if (ended) {
                var exitCode = exitCode(process);
                close(process.getInputStream());
                return exitCode;
            }
            if (some) {
                cancellation.throwIfCancelled();
                pause = SHORTEST_PAUSE;
            } else {
                cancellation.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.plus(SHORTEST_PAUSE) : LONGEST_PAUSE;
            }
        }
        return null;
    }

    /** Reads what there is now, not what is written meanwhile: a program in the background may never cease. */
    private boolean readOutput(InputStream stream) throws IOException {
        var available = stream.available();
        for (int left = available; left > 0; ) {
            var length = stream.read(buffer, 0, Math.min(left, buffer.length));
            if (length < 0) {
                break;
            }
            output.add(buffer, length);
            left -= length;
        }
        return available > 0;
    }

    private boolean readEnd(Process process) throws IOException {
        var stream = process.getErrorStream();
        for (int left = stream.available(); left > 0; left--) {
            end.append((char) stream.read());
        }
        return end.indexOf("\n") >= 0;
    }

    /** As the outer shell told it, or its own when something killed that. */
    private int exitCode(Process process) throws IOException {
        readEnd(process);
        var told = end.toString().strip();
        return told.matches("\\d{1,9}") ? Integer.parseInt(told) : process.exitValue();
    }

    /** Ends the tree. What ends in order may still write meanwhile: a closed pipe would end it out of order. */
    private static List<Long> stop(ProcessTree tree) {
        var process = tree.process();
        close(process.getOutputStream());
        var survivors = tree.kill();
        close(process.getInputStream());
        close(process.getErrorStream());
        return survivors;
    }

    private static void close(Closeable pipe) {
        try {
            pipe.close();
        } catch (IOException e) {
            log.debug("a pipe of an ended command could not be closed", e);
        }
    }

    private String describe(@Nullable Integer exitCode, List<Long> survivors) {
        var text = new StringBuilder();
        if (exitCode == null) {
            text.append("[ended after ").append(timeout.toSeconds()).append(" s, because it took too long; ");
            text.append("what it did until then is done]\n");
        } else {
            text.append("exit code ").append(exitCode).append('\n');
        }
        if (!survivors.isEmpty()) {
            text.append("[processes ").append(survivors).append(" could not be ended]\n");
        }
        return text.append(output.text()).toString();
    }
}
