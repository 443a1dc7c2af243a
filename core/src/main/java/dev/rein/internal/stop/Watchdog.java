package dev.rein.internal.stop;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that virtual threads get to run although the code of some tools holds the carriers: CPU-bound loops are not
 * time-sliced, and native calls pin. A canary virtual thread is sent every few milliseconds; when one is not run in time
 * although the scheduler has not been working off a long queue meanwhile, this raises the scheduler's parallelism, and quiet
 * lowers it again. (More carriers than cores make a busy process several times slower, so being busy must not raise it.) One
 * platform thread, there only while trees of runs work: not while all of them are paused or queue.
 *
 * <pre>
 *   ASLEEP (no thread) --a tree begins to work--> AWAKE --none works for a moment, and the parallelism is normal--> ASLEEP
 *        ^___________________ disabled, or the thread has failed ______________________/
 * </pre>
 */
public final class Watchdog {
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
    private static final ThreadFactory NUDGERS = Threads.daemon("rein-nudge");
    private static final long LOOK_MILLIS = 5;
    /** How many milliseconds a canary may take. */
    private static final int TICKS = 5;

    private static final int MOST_TICKS = 25;
    private static final Duration LATE_TICK = Duration.ofMillis(4);
    private static final int MOST_EXTRA = 256;
    /** Looks without a late canary before carriers are given back: about two seconds. */
    private static final int QUIET_LOOKS = 200;
    /** Looks without working trees before its thread ends: runs often follow one another. */
    private static final int IDLE_LOOKS = 20;
    /** Looks after a raise in which the queue may shrink because threads that hold carriers are taken from it. */
    private static final int SETTLING_LOOKS = 10;

    /** What became of a canary. */
    private enum Canary {
        IN_TIME,
        /** Late, but other threads were run meanwhile. */
        BEHIND_OTHERS,
        /** Late, and nothing was run. */
        STUCK
    }

    private final @Nullable VirtualThreadSchedulerMXBean scheduler;
    private final AtomicInteger handedOn = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final ThreadFactory factory;
    private volatile boolean enabled = true;
    private volatile boolean running;
    private int normal;
    private @Nullable CountDownLatch canary;
    private int quiet;
    private int behind;
    private int held;

    public Watchdog() {
        this(Threads.daemon("rein-watchdog"));
    }

    Watchdog(ThreadFactory factory) {
        this.factory = factory;
        this.scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    }

    public void enable(boolean on) {
        enabled = on;
        if (on) {
            wake();
        }
    }

    /** A virtual thread of a run has begun or ended, so its carrier is handed on. */
    void handedOn() {
        handedOn.incrementAndGet();
    }

    /**
     * A tree of runs begins to work, or works no longer: it has ended, or waits for people.
     *
     * @return whether {@link #wake} is to be called, which may take its time
     */
    boolean works(boolean now) {
        if (!now) {
            working.decrementAndGet();
            return false;
        }
        working.incrementAndGet();
        return !running;
    }

    /** Wakes it if there is something to look after. A thread that can't be started is tried again by the next tree. */
    void wake() {
        if (!running && enabled && scheduler != null && working.get() > 0) {
            start(scheduler);
        }
    }

    private synchronized void start(VirtualThreadSchedulerMXBean bean) {
        if (running) {
            return;
        }
        running = true;
        try {
            factory.newThread(() -> watch(bean)).start();
        } catch (Throwable e) {
            running = false;
            log.warn("the watchdog of the carriers can't start; the next run tries again", e);
        }
    }

    private void watch(VirtualThreadSchedulerMXBean bean) {
        normal = bean.getParallelism();
        quiet = 0;
        var idle = 0;
        while (true) {
            idle = working.get() > 0 ? 0 : idle + 1;
            try {
                if (!enabled || (idle > IDLE_LOOKS && bean.getParallelism() <= normal)) {
                    break;
                }
                if (idle == 0 || bean.getParallelism() > normal) {
                    look(bean);
                }
            } catch (Throwable e) {
                // Such as no memory for a thread: it looks again.
                canary = null;
                log.warn("the watchdog of the carriers could not look", e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        synchronized (this) {
            bean.setParallelism(normal);
            running = false;
        }
        wake();
    }

    private void look(VirtualThreadSchedulerMXBean bean) {
        var now = bean.getParallelism();
        switch (sendCanary(bean)) {
            case IN_TIME -> giveBackWhenQuiet(bean, now);
            case BEHIND_OTHERS -> {
                quiet = 0;
                if (++behind > SETTLING_LOOKS) {
                    lower(bean, now, now - Math.max(1, (now - normal) / 4));
                }
            }
            case STUCK -> {
                quiet = 0;
                behind = 0;
                if (bean.getMountedVirtualThreadCount() >= now) {
                    raise(bean, now, normal + MOST_EXTRA);
                }
                nudge();
            }
        }
    }

    /** Sends one and waits for it, or waits on for the one that was sent before: a heap of them would help nobody. */
    private Canary sendCanary(VirtualThreadSchedulerMXBean bean) {
        var back = canary;
        if (back == null) {
            back = new CountDownLatch(1);
            canary = back;
            Thread.ofVirtual().name("rein-canary").start(back::countDown);
        }
        var handedOnBefore = handedOn.get();
        var queued = Long.MIN_VALUE;
        var shrank = false;
        var inTime = 0;
        try {
            for (var i = 0; i < MOST_TICKS && inTime < TICKS; i++) {
                var started = System.nanoTime();
                if (back.await(1, TimeUnit.MILLISECONDS)) {
                    canary = null;
                    return Canary.IN_TIME;
                }
                // When this thread is late itself, it is a collection or the machine, and more carriers would not help.
                if (System.nanoTime() - started < LATE_TICK.toNanos()) {
                    inTime++;
                }
                var before = queued;
                queued = bean.getQueuedVirtualThreadCount();
                shrank |= queued < before;
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
            return Canary.IN_TIME;
        }
        return shrank || handedOn.get() != handedOnBefore ? Canary.BEHIND_OTHERS : Canary.STUCK;
    }

    private static void raise(VirtualThreadSchedulerMXBean bean, int now, int most) {
        if (now < most) {
            var raised = Math.min(2 * now, most);
            bean.setParallelism(raised);
            log.debug("every carrier is held; the scheduler's parallelism goes from {} to {}", now, raised);
        }
    }

    private void giveBackWhenQuiet(VirtualThreadSchedulerMXBean bean, int now) {
        if (now == normal) {
            return;
        }
        // What holds a carrier all the time is mounted at every look.
        var mounted = bean.getMountedVirtualThreadCount();
        held = quiet == 0 ? mounted : Math.min(held, mounted);
        if (++quiet >= QUIET_LOOKS) {
            quiet = 0;
            lower(bean, now, normal + held);
        }
    }

    private void lower(VirtualThreadSchedulerMXBean bean, int now, int wanted) {
        var lowered = Math.max(wanted, normal);
        if (lowered < now) {
            bean.setParallelism(lowered);
        }
    }

    /**
     * Raising alone starts no carrier; a new virtual thread does, but only if the scheduler's queue that it is put into was
     * empty. A new thread is given a queue of its own, where one that has sent before may find its last one still waiting.
     */
    private static void nudge() {
        NUDGERS.newThread(() -> Thread.ofVirtual().name("rein-canary").start(() -> {}))
                .start();
    }
}
