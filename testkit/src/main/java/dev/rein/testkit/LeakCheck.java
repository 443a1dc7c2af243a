package dev.rein.testkit;

import dev.rein.run.LiveRun;
import dev.rein.runtime.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Detects leaks: live runs, threads (including virtual ones) and, on Linux, file descriptors that did not exist at the beginning.
 *
 * {@snippet :
 * try (var leaks = LeakCheck.begin()) {
 *     agent.run("Tell me a story");
 * } // throws an AssertionError if there are leaks after 30 s
 * }
 *
 * <p>Resources that are created once per process on first use, such as the HTTP client of models, count as leaks, so use them once before
 * {@link #begin()}. Threads of the JVM and of test engines, idle threads of Rein's own pools, and files that the JVM opens to load classes
 * do not count. Not thread-safe.
 */
public final class LeakCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long FIRST_WAIT_MILLIS = 5;
    private static final long MAX_WAIT_MILLIS = 200;

    private final Set<String> runs;
    private final Set<Long> threads;
    private final Set<OpenFiles.Fd> files;
    private Predicate<String> ignored = line -> false;
    private Duration patience = PATIENCE;

    private LeakCheck() {
        warmUp();
        runs = Runs.shared().live().stream().map(LiveRun::runId).collect(Collectors.toUnmodifiableSet());
        threads = LiveThreads.ids();
        files = OpenFiles.now();
    }

    /** Records the existing runs, threads and descriptors. */
    public static LeakCheck begin() {
        return new LeakCheck();
    }

    /** Maximum time that {@link #close()} waits until there are no leaks. Default: 30 s. */
    public LeakCheck within(Duration atMost) {
        patience = atMost;
        return this;
    }

    /** @param names matches names of threads, targets of descriptors and ids of runs that do not count as leaks */
    public LeakCheck ignoring(Predicate<String> names) {
        ignored = ignored.or(names);
        return this;
    }

    /** Descriptions of the current leaks; empty if there are none. */
    public List<String> leaks() {
        var found = new ArrayList<String>();
        for (var run : Runs.shared().live()) {
            if (!runs.contains(run.runId()) && !ignored.test(run.runId())) {
                found.add("run " + run.runId() + " of " + run.componentId() + ": " + run.status() + ", "
                        + run.activity());
            }
        }
        for (var thread : LiveThreads.now()) {
            if (!threads.contains(thread.id()) && !ignored.test(thread.name())) {
                found.add(thread.toString());
            }
        }
        found.addAll(OpenFiles.describe(OpenFiles.now().stream()
                .filter(fd -> !files.contains(fd) && !ignored.test(fd.target()))
                .toList()));
        return found;
    }

    /**
     * Waits until there are no leaks.
     *
     * @throws AssertionError after the timeout, with descriptions of all leaks
     */
    public void verify(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        var wait = FIRST_WAIT_MILLIS;
        var found = leaks();
        while (!found.isEmpty()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(found.size() + " leaked, still there after " + atMost + ":\n  - "
                        + String.join("\n  - ", found));
            }
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting until there are no leaks", e);
            }
            wait = Math.min(wait * 2, MAX_WAIT_MILLIS);
            found = leaks();
        }
    }

    /** {@link #verify(Duration)} with the time given to {@link #within(Duration)}. */
    @Override
    public void close() {
        verify(patience);
    }

    /** Makes the JVM open the descriptors that it keeps after a virtual thread has waited for a socket for the first time. */
    private static void warmUp() {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var server = listener.accept()) {
            var reader = Thread.ofVirtual().name("leak-check-warm-up").start(() -> {
                try {
                    client.getInputStream().read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (reader.getState() == Thread.State.RUNNABLE || reader.getState() == Thread.State.NEW) {
                Thread.onSpinWait();
            }
            server.shutdownOutput();
            reader.join();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the loopback interface", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the beginning of a leak check", e);
        }
    }
}
