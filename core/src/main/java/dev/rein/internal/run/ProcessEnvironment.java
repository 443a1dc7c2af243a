package dev.rein.internal.run;

import dev.rein.internal.stop.AbortPool;
import dev.rein.internal.stop.StopEnvironment;
import dev.rein.internal.stop.Threads;
import dev.rein.internal.stop.Timers;
import dev.rein.internal.stop.Watchdog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all {@link Kernel}s of a process share: the threads of the runtime, and the count of abandoned threads. Thread-safe.
 */
public final class ProcessEnvironment implements StopEnvironment {
    private static final Logger log = LoggerFactory.getLogger(ProcessEnvironment.class);
    private static final ProcessEnvironment SHARED = new ProcessEnvironment();
    private static final int ABANDONED_PER_CORE = 16;

    private final Timers timers = new Timers();
    private final AbortPool aborts = new AbortPool(timers, "rein-abort");
    private final AbortPool interrupts = new AbortPool(timers, "rein-interrupt");
    private final ExecutorService platform = Executors.newCachedThreadPool(Threads.daemon("rein-ending"));
    private final Watchdog watchdog = new Watchdog();
    private final Map<String, Integer> abandonedBy = new ConcurrentHashMap<>();
    private final AtomicInteger abandoned = new AtomicInteger();

    private ProcessEnvironment() {}

    public static ProcessEnvironment shared() {
        return SHARED;
    }

    // ---- threads

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public AbortPool aborts() {
        return aborts;
    }

    @Override
    public AbortPool interrupts() {
        return interrupts;
    }

    @Override
    public Watchdog watchdog() {
        return watchdog;
    }

    /** Platform threads, for the work that must proceed although every carrier thread may be occupied. */
    ExecutorService platform() {
        return platform;
    }

    /** Runs what a stop needs to come to its end: on another thread if one can be had, and in any case. */
    void executeSurely(Runnable task) {
        try {
            platform.execute(task);
        } catch (Throwable e) {
            log.warn("no further thread can be started; the threads for aborters end a run", e);
            aborts.execute(task);
        }
    }

    // ---- abandoned threads

    @Override
    public void abandoned(String what, int change) {
        abandoned.addAndGet(change);
        abandonedBy.merge(what, change, (before, added) -> before + added == 0 ? null : before + added);
        if (change > 0) {
            log.warn("a thread would not stop and is left behind: {}; {} in all", what, abandoned.get());
        }
    }

    public int abandonedThreads() {
        return abandoned.get();
    }

    /** Whether threads that did this work were abandoned and still run. */
    boolean hasAbandoned(String what) {
        return abandonedBy.getOrDefault(what, 0) > 0;
    }

    public boolean isHealthy() {
        return abandoned.get() < ABANDONED_PER_CORE * Runtime.getRuntime().availableProcessors();
    }
}
