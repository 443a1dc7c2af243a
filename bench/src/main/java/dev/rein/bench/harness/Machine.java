package dev.rein.bench.harness;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** One line: cores, processor, memory, Java, operating system. */
    static String describe() {
        return String.format(
                Locale.ROOT,
                "%d cores (%s), %.1f GiB of memory, heap of at most %.1f GiB, %s %s, %s %s %s",
                Runtime.getRuntime().availableProcessors(),
                processor(),
                gib(memory()),
                gib(Runtime.getRuntime().maxMemory()),
                System.getProperty("java.vm.vendor"),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
    }

    /** The load of the last minute: figures from a busy machine are worth less. Negative where there is none. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean
                ? bean.getTotalMemorySize()
                : 0;
    }

    private static double gib(long bytes) {
        return bytes / (double) (1 << 30);
    }

    private static String processor() {
        try {
            if (Files.isReadable(CPU_INFO)) {
                for (var line : Files.readAllLines(CPU_INFO)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            // The name is only for people; the architecture is in the line too.
        }
        return "unknown processor";
    }
}
