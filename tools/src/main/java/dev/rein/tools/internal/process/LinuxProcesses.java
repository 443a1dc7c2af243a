package dev.rein.tools.internal.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Information about processes that Linux provides and {@link ProcessHandle} does not. */
public final class LinuxProcesses {
    /** The environment variable that marks the processes of a tree. */
    public static final String MARK = "REIN_PROCESS_TREE";

    /** Whether this system has the {@code /proc} file system of Linux. */
    public static final boolean AVAILABLE = Files.isReadable(Path.of("/proc/self/stat"));

    /** The path of the program that starts a process in a new session; null if it is not installed. */
    public static final @Nullable String SETSID = AVAILABLE ? find("setsid", System.getenv("PATH"), Path.of("")) : null;

    private LinuxProcesses() {}

    /** Whether a process is alive and not a zombie; {@link ProcessHandle#isAlive()} is true for zombies too. */
    static boolean runs(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        if (!AVAILABLE) {
            return true;
        }
        var stat = Stat.of(handle.pid());
        return stat != null && stat.runs();
    }

    /** The start time of a process in clock ticks since the system started; 0 if unknown. */
    public static long startOf(long pid) {
        var stat = AVAILABLE ? Stat.of(pid) : null;
        return stat == null ? 0 : stat.start;
    }

    /**
     * The running processes that were not started before {@code start} and that are {@code root}, in its session, marked, or descendants of
     * such processes. Reads all processes of the system, which takes about 20 us for each.
     *
     * @param root the id of the root process and of its session; -1 if the id now belongs to another process
     */
    public static List<ProcessHandle> tree(long root, String mark, long start) {
        var others = new ArrayList<Stat>();
        for (var pid : pids()) {
            var stat = Stat.of(pid);
            if (stat != null && stat.runs() && stat.start >= start) {
                others.add(stat);
            }
        }
        Set<Long> members = new HashSet<>();
        var found = new ArrayList<Stat>();
        boolean grown;
        do {
            grown = others.removeIf(stat -> {
                var member = stat.pid == root
                        || (SETSID != null && stat.session == root)
                        || members.contains(stat.parent)
                        || hasMark(stat.pid, mark);
                return member && members.add(stat.pid) && found.add(stat);
            });
        } while (grown && !others.isEmpty());
        return found.stream().flatMap(stat -> stat.handle().stream()).toList();
    }

    private static List<Long> pids() {
        var names = Path.of("/proc").toFile().list();
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .filter(name -> Character.isDigit(name.charAt(0)))
                        .map(Long::valueOf)
                        .toList();
    }

    private static boolean hasMark(long pid, String mark) {
        try (var environment = new FileInputStream("/proc/" + pid + "/environ")) {
            return new String(environment.readAllBytes(), StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
        } catch (IOException notOursOrGone) {
            return false;
        }
    }

    /** The path of a program, searched in the same way as execvp(3) does; null if it is not found. */
    public static @Nullable String find(String program, @Nullable String path, Path directory) {
        var candidates = program.contains("/")
                ? Stream.of(directory.resolve(program))
                : Arrays.stream((path == null ? "" : path).split(":")).map(place -> directory.resolve(place, program));
        return candidates
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** The needed fields of {@code /proc/PID/stat}; see proc_pid_stat(5). */
    private record Stat(long pid, char state, long parent, long session, long start) {
        static @Nullable Stat of(long pid) {
            try (var file = new FileInputStream("/proc/" + pid + "/stat")) {
                var text = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
                // The program's name is in parentheses, and may itself contain parentheses and spaces.
                var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 21);
                return new Stat(
                        pid,
                        fields[0].charAt(0),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[3]),
                        Long.parseLong(fields[19]));
            } catch (IOException gone) {
                return null;
            }
        }

        boolean runs() {
            return state != 'Z' && state != 'X';
        }

        /** Empty if the id belongs to another process by now. Sending a signal through the handle checks this again. */
        Optional<ProcessHandle> handle() {
            return ProcessHandle.of(pid).filter(handle -> {
                var now = of(pid);
                return now != null && now.start == start;
            });
        }
    }
}
