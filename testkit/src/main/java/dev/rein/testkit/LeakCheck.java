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
 * Sees whether something is left that was not there before: live runs, threads (virtual ones too) and, on Linux, file
 * descriptors.
 *
 * {@snippet :
 * try (var leaks = LeakCheck.begin()) {
 *     agent.run("Tell me a story");
 * } // throws an AssertionError if anything is left after 5 s
 * }
 *
 * <p>What is made once for the whole process on first use, such as a model's HTTP client, would count: use it once before
 * {@link #begin()}. Not counted are threads of the JVM and of test engines, idle threads of Rein's own pools, and what the JVM
 * opens to load classes. Used by one thread at a time.
 */
public final class LeakCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long FIRST_WAIT_MILLIS = 5;
    private static final long LONGEST_WAIT_MILLIS = 200;

    private final Set<String> runs;
    private final Set<Long> threads;
    private final Set<OpenFiles.Fd> files;
    private Predicate<String> ignored = line -> false;
    private Duration patience = PATIENCE;

    private LeakCheck() {
        warmUp();
        runs = Runs.live().stream().map(LiveRun::runId).collect(Collectors.toUnmodifiableSet());
        threads = LiveThreads.ids();
        files = OpenFiles.now();
    }

    /** Takes the base line. */
    public static LeakCheck begin() {
        return new LeakCheck();
    }

    /** How long {@link #close()} waits for everything to be gone, 5 s by default. */
    public LeakCheck within(Duration atMost) {
        patience = atMost;
        return this;
    }

    /** Leaves out what this is true for: the name of a thread, the target of a descriptor, the id of a run. */
    public LeakCheck ignoring(Predicate<String> what) {
        ignored = ignored.or(what);
        return this;
    }

    /** What is there now and was not before, a paragraph each; empty when nothing is. */
    public List<String> leaks() {
        var found = new ArrayList<String>();
        for (var run : Runs.live()) {
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
     * Waits until nothing is left.
     *
     * @throws AssertionError that names everything that is left when time is up
     */
    public void verify(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        var wait = FIRST_WAIT_MILLIS;
        var found = leaks();
        while (!found.isEmpty()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(
                        found.size() + " left after " + atMost + ":\n  - " + String.join("\n  - ", found));
            }
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for leaks to go", e);
            }
            wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
            found = leaks();
        }
    }

    /** {@link #verify(Duration)} with the time given to {@link #within(Duration)}. */
    @Override
    public void close() {
        verify(patience);
    }

    /** The JVM opens a few descriptors for good when a virtual thread first waits for a socket. */
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
            throw new UncheckedIOException("the loopback interface can't be used", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while taking the base line", e);
        }
    }
}
