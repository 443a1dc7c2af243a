package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabaseThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void answer() {
        answered.countDown();
    }

    /** As a driver in a read does, it minds no interrupt. */
    private String hangs() {
        while (true) {
            try {
                answered.await();
                return "late";
            } catch (InterruptedException e) {
                // Go on waiting.
            }
        }
    }

    private static void assertToldThatItIsClosed(Future<?> call) {
        assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closingWhileTheDatabaseHangsEndsEveryCallersWait() {
        var lane = new DatabaseThreads("test-lane", 1, () -> {}, Duration.ofMillis(50));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = new CountDownLatch(1);
            var hanging = callers.submit(() -> lane.call(
                    () -> {
                        began.countDown();
                        return hangs();
                    },
                    LONG,
                    false));
            await().until(() -> began.getCount() == 0);
            var queued = callers.submit(() -> lane.call(() -> "never", LONG, false));
            await().until(() -> lane.queued() == 1);
            lane.close();
            assertToldThatItIsClosed(queued);
            assertToldThatItIsClosed(hanging);
        }
    }

    @Test
    void anInterruptWhileClosingEndsEveryCallersWaitToo() throws Exception {
        var lane = new DatabaseThreads("test-lane", 1, () -> {}, Duration.ofMinutes(10));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var hanging = callers.submit(() -> lane.call(this::hangs, LONG, false));
            var closing = Thread.ofVirtual().start(lane::close);
            await().until(lane::isClosed);
            closing.interrupt();
            closing.join();
            assertToldThatItIsClosed(hanging);
        }
    }

    @Test
    void closingWaitsForWorkThatIsGoingOn() throws Exception {
        var lane = new DatabaseThreads("test-lane", 1, () -> {}, Duration.ofMinutes(10));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = new CountDownLatch(1);
            var slow = callers.submit(() -> lane.call(
                    () -> {
                        began.countDown();
                        return hangs();
                    },
                    LONG,
                    false));
            began.await();
            var closing = Thread.ofVirtual().start(lane::close);
            await().until(lane::isClosed);
            answered.countDown();
            closing.join();
            assertThat(slow.get()).isEqualTo("late");
        }
    }

    @Test
    void theWaitOfACallerIsBounded() {
        var late = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor();
                var lane = new DatabaseThreads("test-lane", 1, late::incrementAndGet, Duration.ofMillis(50))) {
            var began = new CountDownLatch(1);
            var hanging = callers.submit(() -> lane.call(
                    () -> {
                        began.countDown();
                        return hangs();
                    },
                    Duration.ofMillis(100),
                    false));
            await().until(() -> began.getCount() == 0);
            var ran = new AtomicInteger();
            assertThatThrownBy(() -> lane.call(ran::incrementAndGet, Duration.ofMillis(100), false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("nothing was done");
            assertThat(lane.queued()).as("nobody waits for it").isZero();
            assertThatThrownBy(hanging::get)
                    .cause()
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("may have been done or not");
            assertThat(late).hasValue(2);
            answered.countDown();
            assertThat(lane.call(ran::get, LONG, false)).isZero();
        }
    }

    @Test
    void theNumberOfQueuedCallsIsBoundedAndUrgentOnesComeFirst() throws Exception {
        var order = new ConcurrentLinkedQueue<String>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor();
                var lane = new DatabaseThreads("test-lane", 1, () -> {}, Duration.ofMinutes(10))) {
            var began = new CountDownLatch(1);
            var _ = callers.submit(() -> lane.call(
                    () -> {
                        began.countDown();
                        return hangs();
                    },
                    LONG,
                    false));
            began.await();
            for (var i = 0; i < DatabaseThreads.MOST_QUEUED; i++) {
                var _ = callers.submit(() -> lane.call(() -> order.add("other"), LONG, false));
            }
            await().until(() -> lane.queued() == DatabaseThreads.MOST_QUEUED);
            assertThatThrownBy(() -> lane.call(() -> order.add("too many"), LONG, false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("wait for it already");
            var urgent = callers.submit(() -> lane.call(() -> order.add("urgent"), LONG, true));
            await().until(() -> lane.queued() == DatabaseThreads.MOST_QUEUED + 1);
            answered.countDown();
            urgent.get();
        }
        assertThat(order).first().isEqualTo("urgent");
        assertThat(order).hasSize(DatabaseThreads.MOST_QUEUED + 1);
    }
}
