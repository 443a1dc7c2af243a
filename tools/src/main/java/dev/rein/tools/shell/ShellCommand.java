package dev.rein.tools.shell;

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
 * <p>The command runs in a shell that is started by another shell. The outer shell reports the exit code of the inner one on its standard
 * error, and then stays alive until its input is closed: this way the JVM does not see its child end before the rest of the tree, and
 * does not read the endless output of a background program by itself. No thread blocks in a read: only available bytes are read.
 */
final class ShellCommand {
    // The inner shell is in parentheses because a waiting shell keeps the redirections of its child, and would block
    // when it
    // writes "Terminated" into a full pipe.
    private static final String OUTER_SHELL = """
        trap : TERM
        exec 3>&2 2>/dev/null
        (exec /bin/sh -c "$1" </dev/null 2>&1 3>&-)
        echo $? >&3
        exec >/dev/null
        read _
        """;

    private static final Logger log = LoggerFactory.getLogger(ShellCommand.class);

    private static final Duration MIN_PAUSE = Duration.ofMillis(1);
    private static final Duration MAX_PAUSE = Duration.ofMillis(10);

    private final ProcessBuilder builder;
    private final Duration timeout;
    private final HeadTail output;
    private final StringBuilder exitReport = new StringBuilder();
    private final byte[] buffer = new byte[64 * 1024];

    ShellCommand(String command, ProcessBuilder builder, Duration timeout, int outputLimit) {
        this.builder = builder.command("/bin/sh", "-c", OUTER_SHELL, "sh", command)
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

    /** Reads until the command has ended. @return its exit code; null after the timeout */
    private @Nullable Integer read(Process process, Cancellation cancellation) throws IOException {
        var deadline = System.nanoTime() + timeout.toNanos();
        var pause = MIN_PAUSE;
        while (System.nanoTime() < deadline) {
            // In this order: when the end is known, all output before it is available.
            var ended = readExitReport(process) || !process.isAlive();
            var hasRead = readOutput(process.getInputStream());
            if (ended) {
                var exitCode = exitCode(process);
                close(process.getInputStream());
                return exitCode;
            }
            if (hasRead) {
                cancellation.throwIfCancelled();
                pause = MIN_PAUSE;
            } else {
                cancellation.sleep(pause);
                pause = pause.compareTo(MAX_PAUSE) < 0 ? pause.plus(MIN_PAUSE) : MAX_PAUSE;
            }
        }
        return null;
    }

    /** Reads the bytes that are available now, but none written meanwhile: a background program may write without end. */
    private boolean readOutput(InputStream stream) throws IOException {
        var available = stream.available();
        for (int remaining = available; remaining > 0; ) {
            var length = stream.read(buffer, 0, Math.min(remaining, buffer.length));
            if (length < 0) {
                break;
            }
            output.add(buffer, length);
            remaining -= length;
        }
        return available > 0;
    }

    private boolean readExitReport(Process process) throws IOException {
        var stream = process.getErrorStream();
        for (int remaining = stream.available(); remaining > 0; remaining--) {
            exitReport.append((char) stream.read());
        }
        return exitReport.indexOf("\n") >= 0;
    }

    /** The exit code that the outer shell has reported, or its own if it was killed. */
    private int exitCode(Process process) throws IOException {
        readExitReport(process);
        var reported = exitReport.toString().strip();
        return reported.matches("\\d{1,9}") ? Integer.parseInt(reported) : process.exitValue();
    }

    /** Ends the tree. The output is closed last, because a process that is ending may still write, and would be killed by a closed pipe. */
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
            log.debug("A pipe of an ended command could not be closed", e);
        }
    }

    private String describe(@Nullable Integer exitCode, List<Long> survivors) {
        var text = new StringBuilder();
        if (exitCode == null) {
            text.append("[timed out and was ended after ")
                    .append(timeout.toSeconds())
                    .append(" s; ");
            text.append("its effects until then remain]\n");
        } else {
            text.append("exit code ").append(exitCode).append('\n');
        }
        if (!survivors.isEmpty()) {
            text.append("[processes ").append(survivors).append(" could not be killed]\n");
        }
        return text.append(output.text()).toString();
    }
}
