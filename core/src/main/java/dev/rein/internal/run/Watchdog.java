package dev.rein.internal.run;

import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that virtual threads get to run although the code of some tools holds the carriers: CPU-bound loops are not
 * time-sliced, and native calls pin. A canary virtual thread is sent every few milliseconds; one that is not run in time
 * makes this raise the scheduler's parallelism, and quiet lowers it again. One platform thread, there only while runs are
 * live.
 */
final class Watchdog {
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
    private static final long LOOK_MILLIS = 5;
    private static final long LATE_MILLIS = 5;
    private static final int MOST_EXTRA = 256;
    /** Looks without a late canary before one carrier is given back: about two seconds. */
    private static final int QUIET_LOOKS = 200;

    private final BooleanSupplier busy;
    private final @Nullable VirtualThreadSchedulerMXBean scheduler;
    private @Nullable Thread thread;
    private volatile boolean enabled = true;
    private volatile boolean running;
    private int normal;

    /** @param busy whether runs are live */
    Watchdog(BooleanSupplier busy) {
        this.busy = busy;
        this.scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    }

    void enable(boolean on) {
        enabled = on;
        if (on) {
            wake();
        }
    }

    /** A run has started. Costs one read of a field while the watchdog is awake. */
    void wake() {
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
        var quiet = 0;
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
            if (canaryIsLate()) {
                quiet = 0;
                if (bean.getMountedVirtualThreadCount() >= bean.getParallelism()) {
                    raise(bean);
                } else {
                    nudge();
                }
            } else if (++quiet >= QUIET_LOOKS && bean.getParallelism() > normal) {
                quiet = 0;
                bean.setParallelism(bean.getParallelism() - 1);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
    }

    private static boolean canaryIsLate() {
        var back = new CountDownLatch(1);
        Thread.ofVirtual().name("rein-canary").start(back::countDown);
        try {
            return !back.await(LATE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void raise(VirtualThreadSchedulerMXBean bean) {
        var now = bean.getParallelism();
        if (now < normal + MOST_EXTRA) {
            var step = Math.max(1, Math.min(now, normal + MOST_EXTRA - now));
            bean.setParallelism(now + step);
            log.debug("every carrier is held; the scheduler's parallelism goes from {} to {}", now, now + step);
        }
        nudge();
    }

    /** Raising alone starts no carrier; a new virtual thread does. */
    private static void nudge() {
        Thread.ofVirtual().name("rein-canary").start(() -> {});
    }
}
