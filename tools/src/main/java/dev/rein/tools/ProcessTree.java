package dev.rein.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process with everything it starts, ended as one. {@link Process#destroyForcibly()} ends one process and leaves its
 * children to run on; this ends them all:
 *
 * {@snippet :
 * try (var tree = ProcessTree.start(new ProcessBuilder("make", "-j8"));
 *         var abort = cancellation.onCancel(tree::kill)) {
 *     return tree.process().waitFor();
 * }
 * }
 *
 * <p>On Linux the process gets a session of its own (by the program {@code setsid}, where it is installed) and a mark in
 * its environment. Whatever has the session or the mark, or descends from the process, belongs to the tree: also daemons
 * that left their parent, and programs that made a session of their own. Only a program that does both of that and wipes its
 * environment escapes. On other systems the tree is what {@link ProcessHandle#descendants()} shows, and a process that was
 * left by its parent escapes.
 *
 * <p>Thread-safe.
 */
public final class ProcessTree implements AutoCloseable {
    /** How long processes have to obey TERM before they get KILL, unless {@link #kill(Duration)} says otherwise: 300 ms. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofMillis(300);

    private final Process process;
    private final String mark;
    private final long startedAt;
    private final ProcessKiller killer = new ProcessKiller(this::look);

    private ProcessTree(Process process, String mark) {
        this.process = process;
        this.mark = mark;
        this.startedAt = LinuxProcesses.startOf(process.pid());
    }

    /**
     * Starts a process as the root of a tree.
     *
     * @param builder what to start; its environment gets one more variable
     * @throws IOException if it can't be started
     */
    public static ProcessTree start(ProcessBuilder builder) throws IOException {
        var mark = UUID.randomUUID().toString();
        builder.environment().put(LinuxProcesses.MARK, mark);
        var command = builder.command();
        if (LinuxProcesses.SETSID == null) {
            return new ProcessTree(builder.start(), mark);
        }
        requireProgram(builder);
        // setsid becomes the program in the same process, because a child of the JVM leads no group yet.
        builder.command(Stream.concat(Stream.of(LinuxProcesses.SETSID), command.stream())
                .toList());
        try {
            return new ProcessTree(builder.start(), mark);
        } finally {
            builder.command(command);
        }
    }

    /** Without setsid in between the JVM would find out by itself. */
    private static void requireProgram(ProcessBuilder builder) throws IOException {
        var directory = builder.directory();
        var program = builder.command().getFirst();
        if (LinuxProcesses.find(
                        program,
                        builder.environment().get("PATH"),
                        directory == null ? Path.of("") : directory.toPath())
                == null) {
            throw new IOException("can't run \"" + program + "\": there is no such program"
                    + (program.contains("/") ? "" : " on the PATH it is given"));
        }
        if (directory != null && !directory.isDirectory()) {
            throw new IOException("can't run \"" + program + "\" in " + directory + ": there is no such directory");
        }
    }

    /** The root of the tree. */
    public Process process() {
        return process;
    }

    /** The ids of the processes of this tree that run now; zombies don't. */
    public List<Long> alive() {
        return look().stream().map(ProcessHandle::pid).toList();
    }

    /** {@link #kill(Duration)} with {@link #DEFAULT_PATIENCE}. */
    public List<Long> kill() {
        return kill(DEFAULT_PATIENCE);
    }

    /**
     * Ends all processes of the tree: first TERM, and KILL for what is still there after {@code patience}. Returns when none
     * runs, which takes some milliseconds when they obey, and {@code patience} and a second at most. An interrupt does not
     * end it early. May be called again, and from several threads at once.
     *
     * @param patience zero for KILL at once
     * @return the processes that survived, as a rule none; they are also logged
     */
    public List<Long> kill(Duration patience) {
        return killer.kill(patience);
    }

    /** {@link #kill()}. */
    @Override
    public void close() {
        kill();
    }

    private List<ProcessHandle> look() {
        if (!LinuxProcesses.AVAILABLE) {
            return process.isAlive()
                    ? Stream.concat(Stream.of(process.toHandle()), process.descendants())
                            .toList()
                    : List.of();
        }
        // The system gives an id away again only when no session has it: then the session of that id is not ours.
        var ours = process.isAlive() || ProcessHandle.of(process.pid()).isEmpty();
        return LinuxProcesses.tree(ours ? process.pid() : -1, mark, startedAt);
    }
}
