package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AbortPoolTest {
    private static final int NORMAL = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final Timers timers = new Timers();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void releaseAll() {
        release.countDown();
    }

    private void hang() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertDone(CountDownLatch done) throws InterruptedException {
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasksThatHangDoNotHoldUpTheOthers() throws Exception {
        var pool = new AbortPool(timers, "test");
        for (var i = 0; i < 500; i++) {
            pool.execute(this::hang);
        }
        var done = new CountDownLatch(1);
        pool.execute(done::countDown);
        assertDone(done);
    }

    @Test
    void threadsThatWereAbandonedAreReplacedHoweverManyThereAre() throws Exception {
        var pool = new AbortPool(timers, "test");
        var most = 1024;
        var begun = new CountDownLatch(most);
        for (var i = 0; i < most; i++) {
            pool.execute(() -> {
                begun.countDown();
                hang();
            });
        }
        assertDone(begun);
        var done = new CountDownLatch(1);
        pool.execute(done::countDown);
        pool.abandoned(1);
        assertDone(done);
    }

    @Test
    void aPoolThatCanHaveNoFurtherThreadDoesItsTasksOnThoseThatItHas() throws Exception {
        var started = new AtomicInteger();
        var pool = new AbortPool(timers, code -> {
            if (started.incrementAndGet() > NORMAL) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Thread.ofPlatform().daemon().unstarted(code);
        });
        for (var i = 0; i < NORMAL; i++) {
            pool.execute(this::hang);
        }
        var done = new CountDownLatch(100);
        for (var i = 0; i < 100; i++) {
            pool.execute(done::countDown);
        }
        var tried = new CountDownLatch(1);
        var _ = timers.after(java.time.Duration.ofMillis(100), tried::countDown);
        assertDone(tried);
        assertThat(started).hasValueGreaterThan(NORMAL);
        assertThat(done.getCount()).isEqualTo(100);
        release.countDown();
        assertDone(done);
    }

    @Test
    void aPoolThatCouldHaveNoThreadAtAllHasOneWhenItCan() throws Exception {
        var refusals = new AtomicInteger(3);
        var pool = new AbortPool(timers, code -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Thread.ofPlatform().daemon().unstarted(code);
        });
        var done = new CountDownLatch(1);
        pool.execute(done::countDown);
        assertDone(done);
    }

    @Test
    void aTaskThatThrowsOrLeavesAnInterruptBehindHarmsNoOther() throws Exception {
        var pool = new AbortPool(timers, "test");
        for (var i = 0; i < 10 * NORMAL; i++) {
            pool.execute(() -> {
                Thread.currentThread().interrupt();
                throw new AssertionError("broken on purpose");
            });
        }
        var clean = new CountDownLatch(NORMAL);
        for (var i = 0; i < NORMAL; i++) {
            pool.execute(() -> {
                if (!Thread.currentThread().isInterrupted()) {
                    clean.countDown();
                }
            });
        }
        assertDone(clean);
    }

    @Test
    void aTaskForWhichAThreadIsIdleSetsNoTimer() {
        var pool = new AbortPool(timers, "test");
        await().until(() -> pool.idle() == NORMAL);

        pool.execute(() -> {});

        assertThat(timers.pending()).isZero();
    }
}
