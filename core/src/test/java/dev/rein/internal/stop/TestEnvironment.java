package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The surroundings of scopes in a test: real pools and timers of its own, and a list of what was reported. */
final class TestEnvironment implements StopEnvironment {
    private final Timers timers = new Timers();
    private final AbortPool aborts = new AbortPool(timers, "test-abort");
    private final AbortPool interrupts = new AbortPool(timers, "test-interrupt");
    private final Watchdog watchdog;

    /** Such as {@code +1 tool x}. */
    final List<String> reports = new CopyOnWriteArrayList<>();

    /** What was asked of this while the lock below was held. */
    final List<String> underTheLock = new CopyOnWriteArrayList<>();

    private volatile @Nullable TreeLock lock;

    TestEnvironment() {
        this(new Watchdog());
    }

    TestEnvironment(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    void watch(TreeLock watched) {
        lock = watched;
    }

    private void used(String what) {
        var watched = lock;
        if (watched != null && watched.isHeldByCurrentThread()) {
            underTheLock.add(what);
        }
    }

    /** Timers fire in their order: those of at most {@code duration} have fired when this returns. */
    void outlast(Duration duration) throws InterruptedException {
        var passed = new CountDownLatch(1);
        var _ = timers.after(duration, passed::countDown);
        assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public Timers timers() {
        used("timers");
        return timers;
    }

    @Override
    public AbortPool aborts() {
        return aborts;
    }

    @Override
    public AbortPool interrupts() {
        used("interrupts");
        return interrupts;
    }

    @Override
    public Watchdog watchdog() {
        return watchdog;
    }

    @Override
    public void abandoned(String what, int change) {
        used("abandoned");
        reports.add((change > 0 ? "+" : "") + change + " " + what);
    }
}
