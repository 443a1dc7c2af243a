package dev.rein.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Examines processes independently of the code under test. */
public final class Processes {
    private Processes() {}

    /** Whether a process is alive and not a zombie. */
    public static boolean runs(long pid) {
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        try {
            var text = Files.readString(stat);
            return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}
