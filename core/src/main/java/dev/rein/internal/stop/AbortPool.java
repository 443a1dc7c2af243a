package dev.rein.internal.stop;

import dev.rein.internal.PrintableExceptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs aborters, or interrupts, on platform threads: as many as there are cores, because closing a socket costs CPU and
 * nothing else, and more when those are stuck, because some aborters block: a {@code Statement.cancel} connects, a process
 * tree takes its time, and one may hang. While tasks wait and every thread is stuck, the number of added threads doubles
 * with each look.
 *
 * <p>The first threads are started with the pool and never end: where no thread can be had any more, tasks are still queued
 * and run by those. Thread-safe.
 */
public final class AbortPool {
    private static final Logger log = LoggerFactory.getLogger(AbortPool.class);

    private static final Duration LOOK = Duration.ofMillis(2);
    private static final int MOST_THREADS = 1024;
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** One thread; when it began its task, as {@link System#nanoTime}. */
    private final class PoolThread implements Runnable {
        private final boolean permanent;
        private volatile boolean busy;
        private volatile long since;

        PoolThread(boolean permanent) {
            this.permanent = permanent;
        }

        boolean isStuck(long now) {
            return busy && now - since >= LOOK.toNanos();
        }

        @Override
        public void run() {
            while (true) {
                var task = next(permanent);
                if (task == null) {
                    workers.remove(this);
                    return;
                }
                since = System.nanoTime();
                busy = true;
                try {
                    task.run();
                } catch (Throwable e) {
                    log.error("a part of a stop failed", PrintableExceptions.of(e));
                } finally {
                    busy = false;
                    completed.incrementAndGet();
                    // One that the task has left behind must not reach the next.
                    Thread.interrupted();
                }
            }
        }
    }

    private final int normal = Math.max(2, Runtime.getRuntime().availableProcessors());
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Set<PoolThread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger threads = new AtomicInteger();

    /** How many threads wait for a task, or are about to. */
    private final AtomicInteger idle = new AtomicInteger();

    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Timers timers;
    private final ThreadFactory factory;

    /** For the timers' thread alone. */
    private int growth;

    /** @param name of its threads, before their numbers */
    public AbortPool(Timers timers, String name) {
        this(timers, Threads.daemon(name));
    }

    AbortPool(Timers timers, ThreadFactory factory) {
        this.timers = timers;
        this.factory = factory;
        addThreads(normal, true);
    }

    /** Runs a task as soon as a thread is free. Never throws because no thread can be started. */
    public void execute(Runnable task) {
        assert TreeLock.noneIsHeld() : "given to an executor under the lock of a tree";
        queue.add(task);
        lookIfTasksWait();
    }

    /** One of its threads is given up (1), or has come back (-1): another one may be started in its place. */
    void abandoned(int change) {
        abandoned.addAndGet(change);
    }

    /** How many tasks it has completed; while that number stands still and tasks wait, the pool is stuck. */
    long completed() {
        return completed.get();
    }

    /** How many of its threads wait for a task. */
    int idle() {
        return idle.get();
    }

    private int usable() {
        return threads.get() - abandoned.get();
    }

    /** The next task; null if the thread is one too many, and was not needed for a while. */
    private @Nullable Runnable next(boolean permanent) {
        idle.incrementAndGet();
        try {
            return take(permanent);
        } finally {
            idle.decrementAndGet();
            // Whoever has queued a task meanwhile may have counted on this thread.
            lookIfTasksWait();
        }
    }

    private @Nullable Runnable take(boolean permanent) {
        while (true) {
            try {
                if (permanent || usable() <= normal) {
                    return queue.take();
                }
                var task = queue.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
                if (task != null || leaves()) {
                    return task;
                }
            } catch (InterruptedException e) {
                // Left behind by a task; it stops nothing here.
            }
        }
    }

    private boolean leaves() {
        while (true) {
            var now = threads.get();
            if (now - abandoned.get() <= normal) {
                return false;
            }
            if (threads.compareAndSet(now, now - 1)) {
                return true;
            }
        }
    }

    /** A task that finds an idle thread needs no look: the timer's thread would wake up just when the stop needs the cores. */
    private void lookIfTasksWait() {
        if (queue.size() > idle.get()) {
            lookLater();
        }
    }

    private void lookLater() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            var before = completed.get();
            var _ = timers.after(LOOK, () -> look(before));
        }
    }

    /** Adds threads while tasks wait, none was completed since the last look, and the threads are stuck. */
    private void look(long completedBefore) {
        looking.set(false);
        if (queue.isEmpty()) {
            growth = 0;
            return;
        }
        var now = System.nanoTime();
        var stuck = workers.stream().filter(each -> each.isStuck(now)).count();
        if (threads.get() - stuck >= normal) {
            growth = 0;
        } else if (completed.get() == completedBefore) {
            growth = growth == 0 ? normal : 2 * growth;
            addThreads(Math.min(Math.min(growth, queue.size()), MOST_THREADS - usable()), false);
        }
        lookLater();
    }

    private void addThreads(int count, boolean permanent) {
        for (var i = 0; i < count; i++) {
            var added = new PoolThread(permanent);
            threads.incrementAndGet();
            workers.add(added);
            try {
                factory.newThread(added).start();
            } catch (Throwable e) {
                threads.decrementAndGet();
                workers.remove(added);
                log.warn("no further thread can be started for a stop; {} do what there is to do", threads.get(), e);
                return;
            }
        }
    }
}
