package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Aborters and timers of scopes. */
@Timeout(60)
class ScopeAborterTest extends ScopeTestBase {
    // ---- aborters

    @Test
    void aClosedRegistrationIsKeptNowhere() {
        for (var i = 0; i < 3; i++) {
            scope.onCancel(() -> {}).close();
        }
        assertThat(scope.locked(() -> List.copyOf(scope.aborts))).isEmpty();
    }

    @Test
    void aValueThatComesWithTheStopIsNotUsed() throws Exception {
        // It makes the best of its cancellation.
        var future = new CompletableFuture<String>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                return complete("late");
            }
        };
        var cancelled = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            try {
                scope.await(future, null);
            } catch (CancelledException e) {
                cancelled.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> future.getNumberOfDependents() > 0);
        scope.request(CancelRequest.now().grace(LONG));
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAborterMayCloseItsOwnRegistration() throws Exception {
        var registration = new AtomicReference<Cancellation.Registration>();
        var closed = new CountDownLatch(1);
        registration.set(scope.onCancel(() -> {
            registration.get().close();
            closed.countDown();
        }));
        scope.request(CancelRequest.now().grace(LONG));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        registration.get().close();
        scope.awaitAborts();
        assertThat(scope.abandonedThreads()).isEmpty();
    }

    @Test
    void abortersMayCloseEachOther() throws Exception {
        var registrations = List.of(
                new AtomicReference<Cancellation.Registration>(), new AtomicReference<Cancellation.Registration>());
        var running = new CountDownLatch(2);
        var closed = new CountDownLatch(2);
        for (var i = 0; i < 2; i++) {
            var other = registrations.get(1 - i);
            registrations.get(i).set(scope.onCancel(() -> {
                running.countDown();
                running.await();
                other.get().close();
                closed.countDown();
            }));
        }
        scope.request(CancelRequest.now().grace(LONG));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoeverElseClosesARegistrationWaitsForItsAborter() throws Exception {
        var begun = new CountDownLatch(1);
        var returned = new AtomicBoolean();
        var registration = scope.onCancel(() -> {
            begun.countDown();
            release.await();
            returned.set(true);
        });
        scope.request(CancelRequest.now().grace(LONG));
        begun.await();
        var seen = new AtomicBoolean();
        var closing = Thread.ofVirtual().start(() -> {
            registration.close();
            seen.set(returned.get());
        });
        await().until(() -> closing.getState() == Thread.State.WAITING);
        release.countDown();
        closing.join();
        assertThat(seen).isTrue();
    }

    @Test
    void anAborterThatHangsIsReportedAndCountsAsAbandonedUntilItReturns() {
        scope.onCancel(this::awaitReleaseDeaf);
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
        scope.awaitAborts();
        assertThat(scope.abandonedThreads())
                .singleElement()
                .satisfies(left -> assertThat(left.what()).isEqualTo("aborter of run x"));
        await().until(() -> environment.reports.contains("+1 run x"));
        release.countDown();
        await().until(() -> environment.reports.equals(List.of("+1 run x", "-1 run x")));
    }

    @Test
    void hangingAbortersDoNotHoldUpInterrupts() throws Exception {
        isInterruptedWhileAbortersHang();
    }

    @Test
    void hangingAbortersDoNotHoldUpTheInterruptOfAThreadWhoseOwnAborterCanNotBegin() throws Exception {
        scope.onCancel(() -> {});
        isInterruptedWhileAbortersHang();
    }

    private void isInterruptedWhileAbortersHang() throws Exception {
        var hung = new ArrayList<Scope>();
        for (var i = 0; i < 1100; i++) {
            var other = Scope.root(environment, "other", "run other");
            other.onCancel(this::awaitReleaseDeaf);
            hung.add(other);
        }
        hung.forEach(each -> each.request(CancelRequest.now().grace(LONG)));
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        begun.await();
        scope.request(CancelRequest.now().grace(LONG));
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    // ---- timers

    @Test
    void aTreeWhoseLockIsHeldDoesNotHoldUpTheTimersOfOthers() throws Exception {
        var held = new CountDownLatch(1);
        var holder = Thread.ofPlatform()
                .daemon()
                .start(() -> scope.guarded(() -> {
                    held.countDown();
                    awaitDeaf(release);
                }));
        held.await();
        var done = new CountDownLatch(1);
        var _ = environment.timers().after(Duration.ZERO, () -> scope.guardedSoon(done::countDown));
        var other = Scope.root(environment, "other", "run other");
        other.requestAfter(SOON, CancelRequest.now());
        await().until(other::isCancelled);
        assertThat(done.getCount()).as("waits for the lock").isEqualTo(1);
        release.countDown();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        holder.join();
    }

    @Test
    void anActionThatThrowsDoesNotStopTheOthers() throws Exception {
        var _ = environment.timers().after(Duration.ZERO, () -> {
            throw new OutOfMemoryError("an action is broken on purpose");
        });
        environment.outlast(Duration.ofMillis(10));
    }

    @Test
    void aTimeLimitStandsStillWhilePaused() throws Exception {
        var up = new AtomicInteger();
        var timer = new PausableTimer(scope, Duration.ofMillis(200), up::incrementAndGet);
        scope.guarded(timer::resume);
        scope.guarded(timer::pause);
        environment.outlast(Duration.ofMillis(400));
        assertThat(up).hasValue(0);
        scope.guarded(timer::resume);
        await().until(() -> up.get() == 1);
        scope.guarded(() -> {
            timer.pause();
            timer.resume();
        });
        environment.outlast(Duration.ofMillis(400));
        assertThat(up).hasValue(1);
    }

    @Test
    void aPauseDoesNotBeginATimeLimitAnew() {
        var up = new AtomicInteger();
        var timer = new PausableTimer(scope, Duration.ofSeconds(1), up::incrementAndGet);
        scope.guarded(timer::resume);
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            scope.guarded(() -> {
                timer.pause();
                timer.resume();
            });
            return up.get() == 1;
        });
    }

    @Test
    void aTimeLimitThatHasEndedNeverIsUp() throws Exception {
        var up = new AtomicInteger();
        var timer = new PausableTimer(scope, Duration.ofMillis(50), up::incrementAndGet);
        scope.guarded(() -> {
            timer.resume();
            timer.end();
            timer.resume();
        });
        environment.outlast(Duration.ofMillis(200));
        assertThat(up).hasValue(0);
    }
}
