package dev.rein.tools.internal.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.rein.text.PlainText;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides the environment of this process from its children, which Linux shows to all processes of the same user in {@code
 * /proc/PID/environ}.
 *
 * <p>Two means, each of which suffices for some: the variables are moved to another place in memory and their original place, which Linux
 * shows, is cleared; and the process is made not dumpable, so that others of the same user can neither read its memory nor attach a
 * debugger. {@link System#getenv()} and native code still find the variables.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html">PR_SET_DUMPABLE(2const)</a>
 */
public final class ProcessSecrets {
    private static final Logger log = LoggerFactory.getLogger(ProcessSecrets.class);
    private static final int PR_SET_DUMPABLE = 4;

    /** The indexes of {@code env_start} and {@code env_end} in {@code /proc/PID/stat}, counted from the field after the program's name. */
    private static final int ENV_START = 47;

    private static final int ENV_END = 48;

    private ProcessSecrets() {}

    /** To be called before a child process is started. A failure is logged. Does nothing on systems other than Linux. */
    public static void hide() {
        if (LinuxProcesses.AVAILABLE) {
            Once.hide();
        }
    }

    /** Its initialization hides the environment. */
    private static final class Once {
        static {
            hideNow();
        }

        private Once() {}

        static void hide() {}
    }

    private static void hideNow() {
        try {
            moveEnvironment();
            makeNotDumpable();
        } catch (Throwable e) {
            log.warn(
                    "Commands may read this process's environment variables in /proc: {}. Start the JVM with"
                            + " --enable-native-access=ALL-UNNAMED, or run commands in a container of their own",
                    e.getClass().getSimpleName() + " " + PlainText.message(e));
        }
    }

    @SuppressWarnings("restricted")
    private static void makeNotDumpable() throws Throwable {
        var linker = Linker.nativeLinker();
        var prctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        if ((int) prctl.invokeExact(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) != 0) {
            log.warn(
                    "Commands may read this process's memory: prctl(PR_SET_DUMPABLE) failed; run them in a container of"
                            + " their own");
        }
    }

    /** Programs such as nginx do the same to make room for their title. */
    @SuppressWarnings("restricted")
    private static void moveEnvironment() throws IOException {
        var stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        var fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        var start = Long.parseLong(fields[ENV_START]);
        var end = Long.parseLong(fields[ENV_END]);
        if (start == 0 || end <= start) {
            return;
        }
        var environ = Linker.nativeLinker()
                .defaultLookup()
                .findOrThrow("environ")
                .reinterpret(ADDRESS.byteSize())
                .get(ADDRESS, 0)
                .reinterpret(Long.MAX_VALUE);
        for (long at = 0; ; at += ADDRESS.byteSize()) {
            var address = environ.get(ADDRESS, at).address();
            if (address == 0) {
                break;
            }
            if (address >= start && address < end) {
                var text = MemorySegment.ofAddress(address)
                        .reinterpret(end - address)
                        .getString(0, StandardCharsets.ISO_8859_1);
                environ.set(ADDRESS, at, Arena.global().allocateFrom(text, StandardCharsets.ISO_8859_1));
            }
        }
        MemorySegment.ofAddress(start).reinterpret(end - start).fill((byte) 0);
    }
}
