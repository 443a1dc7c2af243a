package dev.rein.bench.provider;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How many sockets this process may have open. The provider's process inherits the limit. */
public final class Descriptors {
    /** For jars, pipes, control connections and connections that are still closing. */
    private static final int SPARE = 1_000;

    private Descriptors() {}

    /**
     * How many connections fit, after an attempt to raise the limit if need be.
     *
     * @param notes is told when they are fewer than wanted
     */
    public static int fit(int wanted, Consumer<String> notes) throws InterruptedException {
        if (limit() < wanted + SPARE) {
            raise(wanted + SPARE);
        }
        var limit = limit();
        if (limit >= wanted + SPARE) {
            return wanted;
        }
        var fitting = (int) Math.max(1, limit - SPARE);
        notes.accept("the limit of open files is " + limit + " and could not be raised: measured with " + fitting
                + " connections instead of " + wanted + "; try again after \"ulimit -n " + (wanted + SPARE) + "\"");
        return fitting;
    }

    private static void raise(long files) throws InterruptedException {
        try {
            var prlimit = new ProcessBuilder(
                            "prlimit",
                            "--pid",
                            Long.toString(ProcessHandle.current().pid()),
                            "--nofile=" + files)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            prlimit.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            // There is no such command here: the limit stays, and the reader is told.
        }
    }

    /** The soft limit; the JVM raises it to the hard one when it starts. */
    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean bean
                ? bean.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
