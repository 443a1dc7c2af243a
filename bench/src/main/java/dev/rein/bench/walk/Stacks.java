package dev.rein.bench.walk;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;

/** The stacks of all threads, virtual ones included. */
final class Stacks {
    private Stacks() {}

    /** Prints those that are in code of Rein. */
    static void print(PrintStream out) {
        try {
            var folder = Files.createTempDirectory("rein-walk-stacks");
            var file = folder.resolve("threads.txt");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            for (var thread : Files.readString(file).split("\n\n")) {
                if (thread.contains("dev.rein.")) {
                    out.println(thread);
                    out.println();
                }
            }
            Files.delete(file);
            Files.delete(folder);
        } catch (IOException e) {
            out.println("the stacks can't be had: " + e);
        }
    }
}
