package dev.rein.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Linux tells of processes beyond {@link ProcessHandle}. On other systems it knows nothing, and says so. */
final class LinuxProcesses {
    /** The variable that marks the processes of a tree. */
    static final String MARK = "REIN_PROCESS_TREE";

    private static final Path PROC = Path.of("/proc");
    private static final boolean LINUX = Files.isReadable(PROC.resolve("self/stat"));

    /** The program that gives a process a session of its own; null where there is none. */
    static final @Nullable String SETSID = LINUX ? find("setsid") : null;

    private LinuxProcesses() {}

    /** Whether it executes, or could: {@link ProcessHandle#isAlive()} is true for zombies too. */
    static boolean runs(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        if (!LINUX) {
            return true;
        }
        var stat = Stat.of(PROC.resolve(Long.toString(handle.pid())));
        return stat != null && stat.state != 'Z' && stat.state != 'X';
    }

    /** When a process started, in the system's own unit; 0 when unknown. */
    static long startOf(long pid) {
        var stat = LINUX ? Stat.of(PROC.resolve(Long.toString(pid))) : null;
        return stat == null ? 0 : stat.start;
    }

    /** The processes that began after {@code start} and are of that session or have that mark. */
    static List<ProcessHandle> belongingTo(long session, String mark, long start) {
        var found = new ArrayList<ProcessHandle>();
        if (!LINUX) {
            return found;
        }
        try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var path : processes) {
                // The handle first: should the id be given to another process now, a signal through it finds that out.
                ProcessHandle.of(Long.parseLong(path.getFileName().toString()))
                        .filter(handle -> belongs(path, session, mark, start))
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return found;
        }
        return found;
    }

    private static boolean belongs(Path path, long session, String mark, long start) {
        var stat = Stat.of(path);
        return stat != null
                && stat.start >= start
                && ((SETSID != null && stat.session == session) || hasMark(path, mark));
    }

    private static boolean hasMark(Path path, String mark) {
        try {
            var environment = Files.readString(path.resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.contains(MARK + "=" + mark);
        } catch (IOException notOursOrGone) {
            return false;
        }
    }

    private static @Nullable String find(String program) {
        return Optional.ofNullable(System.getenv("PATH")).stream()
                .flatMap(path -> Arrays.stream(path.split(":")))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** The fields of {@code /proc/PID/stat} that matter here; see proc_pid_stat(5). */
    private record Stat(char state, long session, long start) {
        static @Nullable Stat of(Path process) {
            try {
                var text = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
                // The program's name comes first, in parentheses, and may contain both of them and spaces.
                var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                return new Stat(fields[0].charAt(0), Long.parseLong(fields[3]), Long.parseLong(fields[19]));
            } catch (IOException gone) {
                return null;
            }
        }
    }
}
