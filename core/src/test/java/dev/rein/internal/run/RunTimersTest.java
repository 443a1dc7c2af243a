package dev.rein.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.internal.agent.ModelRunKind;
import dev.rein.GrowingLimit;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.RunOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a run does later: only while it lives. */
class RunTimersTest {
    private final Kernel kernel = Kernel.shared();
    private final AtomicInteger fired = new AtomicInteger();

    private Run start(RunPlan.Body body) {
        return kernel.start(new RunPlan(
                ModelRunKind.AGENT,
                TestComponents.settings("component"),
                RunInput.of("Go"),
                RunOptions.defaults(),
                List.of(),
                meta -> new RunStarted(meta, "model", "Test"),
                body));
    }

    /** Timers fire in their order, so what was to fire before has. */
    private void outlast(Duration duration) throws InterruptedException {
        var passed = new CountDownLatch(1);
        var _ = kernel.timers().after(duration, passed::countDown);
        assertThat(passed.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void whatWasToBeDoneLaterIsDoneWhileTheRunLives() throws Exception {
        var done = new CountDownLatch(1);
        var run = start(running -> {
            running.at(Duration.ofMillis(10), done::countDown);
            assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
            return null;
        });
        run.await();
        assertThat(run.output().isCompleted()).isTrue();
    }

    @Test
    void whatWasToBeDoneAfterTheEndIsNot() throws Exception {
        var endedBefore = GrowingLimit.play(
                limit -> {
                    fired.set(0);
                    var set = new AtomicLong();
                    var run = start(running -> {
                        set.set(System.nanoTime());
                        running.at(limit, fired::incrementAndGet);
                        return null;
                    });
                    run.await();
                    var inTime = System.nanoTime() - set.get() < limit.toNanos();
                    outlast(limit);
                    return inTime;
                },
                Boolean::booleanValue);
        assertThat(endedBefore).isTrue();
        assertThat(fired).hasValue(0);
    }

    @Test
    void anEndedRunSetsNoTimer() throws Exception {
        var run = start(running -> null);
        run.await();
        run.at(Duration.ofMillis(10), fired::incrementAndGet);
        outlast(Duration.ofMillis(100));
        assertThat(fired).hasValue(0);
    }

    @Test
    void anActionThatThrowsDoesNotStopTheOthers() throws Exception {
        var _ = kernel.timers().after(Duration.ZERO, () -> {
            throw new IllegalStateException("timer's action is broken");
        });
        outlast(Duration.ofMillis(10));
    }
}
