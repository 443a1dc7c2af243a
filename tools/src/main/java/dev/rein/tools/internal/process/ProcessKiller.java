package dev.rein.tools.internal.process;

import dev.rein.tools.shell.ProcessTree;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a changing set of processes: it searches again until it finds none, because new ones may start meanwhile. */
public final class ProcessKiller {
    private static final Logger log = LoggerFactory.getLogger(ProcessKiller.class);

    // A process cannot ignore KILL; one that still runs after this time hangs in the operating system.
    private static final Duration KILL_PATIENCE = Duration.ofMillis(700);
    private static final long POLL_NANOS = 1_000_000;

    private final Supplier<List<ProcessHandle>> search;
    private final ReentrantLock killing = new ReentrantLock();

    /** @param search finds the running processes to end */
    public ProcessKiller(Supplier<List<ProcessHandle>> search) {
        this.search = search;
    }

    /** See {@link ProcessTree#kill(Duration)}. */
    public List<Long> kill(Duration patience) {
        var pause = new Pause();
        killing.lock();
        try {
            if (endAll(patience, false, pause) || endAll(KILL_PATIENCE, true, pause)) {
                return List.of();
            }
            var survivors = search.get().stream().map(ProcessHandle::pid).toList();
            log.warn("Processes {} still run after KILL: they hang in the operating system", survivors);
            return survivors;
        } finally {
            killing.unlock();
            pause.restoreInterrupt();
        }
    }

    private boolean endAll(Duration time, boolean forcibly, Pause pause) {
        var deadline = System.nanoTime() + time.toNanos();
        Set<ProcessHandle> signalled = new HashSet<>();
        do {
            var found = search.get();
            if (found.isEmpty()) {
                // During the first search, a process may have started another one and ended.
                found = search.get();
            }
            if (found.isEmpty()) {
                return true;
            }
            for (var handle : found) {
                if (signalled.add(handle)) {
                    signal(handle, forcibly);
                }
            }
            awaitEnd(found, deadline, pause);
        } while (System.nanoTime() < deadline);
        return search.get().isEmpty();
    }

    private static void signal(ProcessHandle handle, boolean forcibly) {
        var sent = forcibly ? handle.destroyForcibly() : handle.destroy();
        log.trace("Sent {} to process {}: {}", forcibly ? "KILL" : "TERM", handle.pid(), sent);
    }

    private static void awaitEnd(List<ProcessHandle> handles, long deadline, Pause pause) {
        for (var handle : handles) {
            while (LinuxProcesses.runs(handle)) {
                if (System.nanoTime() >= deadline) {
                    return;
                }
                pause.once();
            }
        }
    }

    /** Short pauses that are not ended by an interrupt, and restore the interrupt flag afterwards. */
    private static final class Pause {
        private boolean interrupted;

        void once() {
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(POLL_NANOS);
        }

        void restoreInterrupt() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
