package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedCallTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void itReturnsWhatTheCodeReturnsAndThrowsWhatItThrows() throws Exception {
        assertThat(BoundedCall.call(LONG, () -> "done")).isEqualTo("done");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> BoundedCall.call(LONG, () -> {
                    throw new IllegalStateException("closed");
                }))
                .withRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void codeThatTakesTooLongIsInterrupted() throws Exception {
        var interrupted = new CountDownLatch(1);
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> BoundedCall.call(Duration.ofMillis(10), () -> {
                    try {
                        return new CountDownLatch(1).await(5, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }));
        // It may not have begun when its time was up: then it never does.
        await().until(() -> interrupted.getCount() == 0 || !isAnyCalled());
    }

    private static boolean isAnyCalled() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("rein-bounded-call"));
    }

    @Test
    void anInterruptOfTheCallerNeitherEndsTheWaitNorIsLost() throws Exception {
        var begun = new CountDownLatch(1);
        var ends = new CountDownLatch(1);
        var returned = new AtomicReference<String>();
        var isInterrupted = new AtomicReference<Boolean>();
        var caller = new Thread(() -> {
            try {
                returned.set(BoundedCall.call(LONG, () -> {
                    begun.countDown();
                    ends.await();
                    return "done";
                }));
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError(e);
            }
            isInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        begun.await();
        caller.interrupt();
        await().until(() -> !caller.isInterrupted()); // the wait has taken notice
        ends.countDown();
        caller.join();
        assertThat(returned).hasValue("done");
        assertThat(isInterrupted).hasValue(true);
    }
}
