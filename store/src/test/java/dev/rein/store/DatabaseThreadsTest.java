package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabaseThreadsTest {
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
        var lane = new DatabaseThreads("test-lane", 1, Duration.ofMillis(50));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = new CountDownLatch(1);
            var hanging = callers.submit(() -> lane.call(() -> {
                began.countDown();
                return hangs();
            }));
            await().until(() -> began.getCount() == 0);
            var queued = callers.submit(() -> lane.call(() -> "never"));
            await().until(() -> lane.queued() == 1);
            lane.close();
            assertToldThatItIsClosed(queued);
            assertToldThatItIsClosed(hanging);
        }
    }

    @Test
    void anInterruptWhileClosingEndsEveryCallersWaitToo() throws Exception {
        var lane = new DatabaseThreads("test-lane", 1, Duration.ofMinutes(10));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var hanging = callers.submit(() -> lane.call(this::hangs));
            var closing = Thread.ofVirtual().start(lane::close);
            await().until(lane::isClosed);
            closing.interrupt();
            closing.join();
            assertToldThatItIsClosed(hanging);
        }
    }

    @Test
    void closingWaitsForWorkThatIsGoingOn() throws Exception {
        var lane = new DatabaseThreads("test-lane", 1, Duration.ofMinutes(10));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = new CountDownLatch(1);
            var slow = callers.submit(() -> lane.call(() -> {
                began.countDown();
                return hangs();
            }));
            began.await();
            var closing = Thread.ofVirtual().start(lane::close);
            await().until(lane::isClosed);
            answered.countDown();
            closing.join();
            assertThat(slow.get()).isEqualTo("late");
        }
    }
}
