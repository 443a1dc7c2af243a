package dev.rein.tools;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends processes of which new ones may come while it does: it looks again and again until there is none. */
final class ProcessKiller {
    private static final Logger log = LoggerFactory.getLogger(ProcessKiller.class);

    // KILL can't be refused; a process that is still there after this long sits in the operating system.
    private static final Duration PATIENCE_WITH_KILL = Duration.ofMillis(700);
    private static final long LOOK_EVERY_NANOS = 1_000_000;

    private final Supplier<List<ProcessHandle>> look;
    private final ReentrantLock killing = new ReentrantLock();

    /** @param look finds the processes to end that run now */
    ProcessKiller(Supplier<List<ProcessHandle>> look) {
        this.look = look;
    }

    /** See {@link ProcessTree#kill(Duration)}. */
    List<Long> kill(Duration patience) {
        var pause = new Pause();
        killing.lock();
        try {
            if (endAll(patience, false, pause) || endAll(PATIENCE_WITH_KILL, true, pause)) {
                return List.of();
            }
            var survivors = look.get().stream().map(ProcessHandle::pid).toList();
            log.warn("processes {} survived KILL: they hang in the operating system", survivors);
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
            var found = look.get();
            if (found.isEmpty()) {
                // A process may have started another one and ended while the first look passed by.
                found = look.get();
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
        return look.get().isEmpty();
    }

    private static void signal(ProcessHandle handle, boolean forcibly) {
        var sent = forcibly ? handle.destroyForcibly() : handle.destroy();
        log.trace("process {} got {}: {}", handle.pid(), forcibly ? "KILL" : "TERM", sent);
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

    /** Short pauses that an interrupt neither ends nor gets lost in. */
    private static final class Pause {
        private boolean interrupted;

        void once() {
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }

        void restoreInterrupt() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
