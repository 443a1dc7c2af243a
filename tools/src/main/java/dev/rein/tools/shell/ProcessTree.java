package dev.rein.tools.shell;

import dev.rein.tools.internal.process.LinuxProcesses;
import dev.rein.tools.internal.process.ProcessKiller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process and all processes that it starts, which are ended together. {@link Process#destroyForcibly()} ends one process and lets its
 * children continue; this class ends all of them:
 *
 * {@snippet :
 * try (var tree = ProcessTree.start(new ProcessBuilder("make", "-j8"));
 *         var abort = cancellation.onCancel(tree::kill)) {
 *     return tree.process().waitFor();
 * }
 * }
 *
 * <p>On Linux the process gets its own session (by the program {@code setsid}, if it is installed) and a mark in its environment. All
 * processes with the session or the mark, and all descendants of the process, belong to the tree, including daemons whose parent has ended
 * and programs that have created their own session. Only a program that does both and clears its environment escapes. On other systems the
 * tree consists of the {@link ProcessHandle#descendants()}, and processes whose parent has ended escape.
 *
 * <p>Thread-safe.
 */
public final class ProcessTree implements AutoCloseable {
    /** The default time between TERM and KILL: 300 ms. See {@link #kill(Duration)}. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofMillis(300);

    private final Process process;
    private final String mark;
    private final long startedAt;
    private final ProcessKiller killer = new ProcessKiller(this::running);

    private ProcessTree(Process process, String mark) {
        this.process = process;
        this.mark = mark;
        this.startedAt = LinuxProcesses.startOf(process.pid());
    }

    /**
     * Starts a process as the root of a tree.
     *
     * @param builder describes the process; a variable is added to its environment
     * @throws IOException if the process cannot be started
     */
    public static ProcessTree start(ProcessBuilder builder) throws IOException {
        var mark = UUID.randomUUID().toString();
        builder.environment().put(LinuxProcesses.MARK, mark);
        var command = builder.command();
        if (LinuxProcesses.SETSID == null) {
            return new ProcessTree(builder.start(), mark);
        }
        requireProgram(builder);
        // setsid replaces itself by the program in the same process, because children of the JVM are not group leaders.
        builder.command(Stream.concat(Stream.of(LinuxProcesses.SETSID), command.stream())
                .toList());
        try {
            return new ProcessTree(builder.start(), mark);
        } finally {
            builder.command(command);
        }
    }

    /** Reports errors that the JVM would report itself if it started the program directly instead of setsid. */
    private static void requireProgram(ProcessBuilder builder) throws IOException {
        var directory = builder.directory();
        var program = builder.command().getFirst();
        if (LinuxProcesses.find(
                        program,
                        builder.environment().get("PATH"),
                        directory == null ? Path.of("") : directory.toPath())
                == null) {
            throw new IOException("cannot run \"" + program + "\": there is no such program"
                    + (program.contains("/") ? "" : " on its PATH"));
        }
        if (directory != null && !directory.isDirectory()) {
            throw new IOException("cannot run \"" + program + "\" in " + directory + ": there is no such directory");
        }
    }

    /** The root of the tree. */
    public Process process() {
        return process;
    }

    /** The ids of the running processes of this tree, without zombies. */
    public List<Long> alive() {
        return running().stream().map(ProcessHandle::pid).toList();
    }

    /** {@link #kill(Duration)} with {@link #DEFAULT_PATIENCE}. */
    public List<Long> kill() {
        return kill(DEFAULT_PATIENCE);
    }

    /**
     * Ends all processes of the tree: sends TERM, and KILL to those that still run after {@code patience}. Returns when none is left, which
     * takes a few milliseconds if they obey, and at most one second more than {@code patience}. Interrupts do not end it early. May be
     * called repeatedly, and by several threads.
     *
     * @param patience time between TERM and KILL; zero for KILL at once
     * @return the ids of the processes that still run, usually none; they are also logged
     */
    public List<Long> kill(Duration patience) {
        return killer.kill(patience);
    }

    /** {@link #kill()}. */
    @Override
    public void close() {
        kill();
    }

    private List<ProcessHandle> running() {
        if (!LinuxProcesses.AVAILABLE) {
            return process.isAlive()
                    ? Stream.concat(Stream.of(process.toHandle()), process.descendants())
                            .toList()
                    : List.of();
        }
        // The system reuses an id only after its session has ended, so the session of a reused id belongs to others.
        var isReused = !process.isAlive() && ProcessHandle.of(process.pid()).isPresent();
        return LinuxProcesses.tree(isReused ? -1 : process.pid(), mark, startedAt);
    }
}
