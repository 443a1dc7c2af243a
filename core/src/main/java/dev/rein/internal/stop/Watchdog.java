package dev.rein.internal.stop;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that virtual threads get to run although the code of some tools holds the carriers: CPU-bound loops are not
 * time-sliced, and native calls pin. A canary virtual thread is sent every few milliseconds; when one is not run in time
 * although the scheduler has not been working off a long queue meanwhile, this raises the scheduler's parallelism, and quiet
 * lowers it again. (More carriers than cores make a busy process several times slower, so being busy must not raise it.) One
 * platform thread, there only while runs are live.
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

    private final BooleanSupplier busy;
    private final @Nullable VirtualThreadSchedulerMXBean scheduler;
    private final AtomicInteger handedOn = new AtomicInteger();
    private @Nullable Thread thread;
    private volatile boolean enabled = true;
    private volatile boolean running;
    private int normal;
    private @Nullable CountDownLatch canary;
    private int quiet;
    private int behind;
    private int held;

    /** @param busy whether runs are live */
    public Watchdog(BooleanSupplier busy) {
        this.busy = busy;
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

    /** A run has started. Costs one read of a field while the watchdog is awake. */
    public void wake() {
        if (!running && enabled && scheduler != null) {
            start();
        }
    }

    private synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Threads.daemon("rein-watchdog").newThread(() -> watch(Objects.requireNonNull(scheduler)));
        thread.start();
    }

    private void watch(VirtualThreadSchedulerMXBean bean) {
        normal = bean.getParallelism();
        quiet = 0;
        while (true) {
            if (!enabled || (!busy.getAsBoolean() && bean.getParallelism() <= normal)) {
                synchronized (this) {
                    bean.setParallelism(normal);
                    running = false;
                }
                if (enabled && busy.getAsBoolean()) {
                    wake();
                }
                return;
            }
            look(bean);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
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
