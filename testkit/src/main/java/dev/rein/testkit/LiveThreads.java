package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The threads of this process, including virtual ones, which only the JVM's thread dump lists. */
final class LiveThreads {
    /** Threads that the JVM, the test engine and the build tool may start at any time. */
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "(ForkJoinPool|VirtualThread-|Read-Poller|Write-Poller|Master-Poller|Common-Cleaner|Cleaner-|Attach"
                    + " Listener|Signal Dispatcher|Notification"
                    + " Thread|CompletableFutureDelayScheduler|junit-|surefire|rein-watchdog|rein-canary|process"
                    + " reaper).*");

    /** Pools of the JDK and of Rein that keep idle threads for a while: their threads count only while they work. */
    private static final Pattern OF_A_POOL = Pattern.compile("(rein-|HttpClient-.*-Worker).*");

    private static final Pattern IDLE =
            Pattern.compile("(ThreadPoolExecutor\\.getTask|SerialQueue\\.next|AbortPool\\.take)\\(");

    /** @param id the JVM's id of the thread, which is never reused */
    record Live(long id, String name, boolean virtual, List<String> stack) {

        boolean counts() {
            if (OF_THE_JVM.matcher(name).matches()) {
                return false;
            }
            return !OF_A_POOL.matcher(name).matches()
                    || stack.stream().noneMatch(frame -> IDLE.matcher(frame).find());
        }

        @Override
        public String toString() {
            return (virtual ? "virtual thread " : "thread ") + id + " \"" + name + "\"\n      at "
                    + String.join("\n      at ", stack);
        }
    }

    private LiveThreads() {}

    /** All threads that count, except the calling one. */
    static List<Live> now() {
        var me = Thread.currentThread().threadId();
        return read(dump()).stream().filter(t -> t.id() != me && t.counts()).toList();
    }

    static Set<Long> ids() {
        return Set.copyOf(now().stream().map(Live::id).toList());
    }

    private static List<Live> read(JsonNode dump) {
        var threads = new ArrayList<Live>();
        for (var container : dump.path("threadDump").path("threadContainers")) {
            for (var thread : container.path("threads")) {
                var stack = new ArrayList<String>();
                thread.path("stack").forEach(frame -> stack.add(frame.asText()));
                threads.add(new Live(
                        thread.path("tid").asLong(),
                        thread.path("name").asText(),
                        thread.path("virtual").asBoolean(false),
                        stack));
            }
        }
        return threads;
    }

    private static JsonNode dump() {
        var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            var folder = Files.createTempDirectory("leak-check");
            var file = folder.resolve("threads.json");
            try {
                bean.dumpThreads(file.toString(), ThreadDumpFormat.JSON);
                return FixtureJson.MAPPER.readTree(Files.readString(file));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a thread dump", e);
        }
    }
}
