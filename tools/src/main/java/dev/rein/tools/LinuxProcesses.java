package dev.rein.tools;

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

/** What Linux tells of processes beyond {@link ProcessHandle}. */
final class LinuxProcesses {
    /** The variable that marks the processes of a tree. */
    static final String MARK = "REIN_PROCESS_TREE";

    /** Whether this system is one that can be asked. */
    static final boolean AVAILABLE = Files.isReadable(Path.of("/proc/self/stat"));

    /** The program that gives a process a session of its own; null where there is none. */
    static final @Nullable String SETSID = AVAILABLE ? find("setsid", System.getenv("PATH"), Path.of("")) : null;

    private LinuxProcesses() {}

    /** Whether it executes, or could: {@link ProcessHandle#isAlive()} is true for zombies too. */
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

    /** When a process started, in the system's own unit; 0 when unknown. */
    static long startOf(long pid) {
        var stat = AVAILABLE ? Stat.of(pid) : null;
        return stat == null ? 0 : stat.start;
    }

    /**
     * The processes that execute, started no earlier than {@code start}, and are {@code root}, or of its session, or have
     * the mark, or descend from one of these. One pass over all processes of the system, some 20 us for each.
     *
     * @param root the id of the first process and of its session; -1 when that id is not ours any more
     */
    static List<ProcessHandle> tree(long root, String mark, long start) {
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

    /** Where a program is, as execvp(3) looks for it; null when it is nowhere. */
    static @Nullable String find(String program, @Nullable String path, Path directory) {
        var candidates = program.contains("/")
                ? Stream.of(directory.resolve(program))
                : Arrays.stream((path == null ? "" : path).split(":")).map(place -> directory.resolve(place, program));
        return candidates
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** The fields of {@code /proc/PID/stat} that matter here; see proc_pid_stat(5). */
    private record Stat(long pid, char state, long parent, long session, long start) {
        static @Nullable Stat of(long pid) {
            try (var file = new FileInputStream("/proc/" + pid + "/stat")) {
                var text = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
                // The program's name comes first, in parentheses, and may contain both of them and spaces.
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

        /** Empty when the id belongs to another process by now; a signal through a handle checks that again. */
        Optional<ProcessHandle> handle() {
            return ProcessHandle.of(pid).filter(handle -> {
                var now = of(pid);
                return now != null && now.start == start;
            });
        }
    }
}
