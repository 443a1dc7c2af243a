package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.run.AbandonedThread;
import dev.rein.run.CancelResult.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop of a single scope, or of a few. */
@Timeout(60)
class ScopeTest extends ScopeTestBase {
    // ---- two phases

    @Test
    void nothingIsDoneUnderTheLockWhateverHoldsItWhenTheStopIsRequested() throws Exception {
        environment.watch(scope.lock());
        var child = scope.childPiece("tool x");
        var begun = new CountDownLatch(1);
        var concluded = new AtomicReference<Boolean>();
        work(child, () -> concluded.set(scope.lock().isHeldByCurrentThread()), () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        var aborted = new AtomicReference<Boolean>();
        child.onCancel(() -> aborted.set(scope.lock().isHeldByCurrentThread()));
        scope.guarded(() -> {
            scope.guarded(() ->
                    assertThat(scope.request(CancelRequest.now().grace(SOON))).isEqualTo(Outcome.REQUESTED));
            assertThat(child.isCancelled()).as("marked at once").isTrue();
            scope.requestAfter(LONG, CancelRequest.now());
        });
        await().until(() -> concluded.get() != null && aborted.get() != null);
        assertThat(concluded).hasValue(false);
        assertThat(aborted).hasValue(false);
        assertThat(child.abandonedThreads()).extracting(AbandonedThread::what).containsExactly("tool x");
        release.countDown();
        await().until(() -> environment.reports.size() == 2);
        assertThat(environment.reports).containsExactly("+1 tool x", "-1 tool x");
        assertThat(environment.underTheLock).isEmpty();
    }

    @Test
    void whatWasCollectedIsDoneBeforeItsHolderWaitsUnderTheLock() {
        var done = new AtomicBoolean();
        scope.guarded(() -> {
            scope.afterUnlock(() -> scope.guarded(() -> done.set(true)));
            scope.awaitUntil(done::get, Long.MAX_VALUE, false);
        });
        assertThat(done).isTrue();
    }

    @Test
    void whatFailsAfterTheLockIsLeftKeepsNothingElseFromBeingDone() {
        var done = new AtomicInteger();
        scope.guarded(() -> {
            scope.afterUnlock(() -> {
                throw new OutOfMemoryError("unable to create native thread");
            });
            scope.afterUnlock(done::incrementAndGet);
        });
        assertThat(done).hasValue(1);
    }

    @Test
    void userCodeUnderTheLockIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> scope.guarded(() -> scope.callUserCode(() -> "never")))
                .withMessageContaining("under the lock");
        scope.request(CancelRequest.now());
        assertThatIllegalStateException()
                .as("an aborter that is run at once")
                .isThrownBy(() -> scope.guarded(() -> scope.onCancel(() -> {})))
                .withMessageContaining("under the lock");
    }

    // ---- the gate

    @Test
    void aStopThatCameFirstLetsNoUserCodeStart() {
        scope.request(CancelRequest.now());
        var called = new AtomicInteger();
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> scope.callUserCode(called::incrementAndGet, called::incrementAndGet));
        assertThat(called).hasValue(0);
    }

    @Test
    void aStartIsRecordedUnderTheLockAndAStopThatTheRecordCausesKeepsTheCodeFromStarting() {
        var called = new AtomicInteger();
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> scope.callUserCode(
                        () -> {
                            assertThat(scope.lock().isHeldByCurrentThread()).isTrue();
                            scope.request(CancelRequest.now());
                        },
                        called::incrementAndGet));
        assertThat(called).hasValue(0);
    }

    @Test
    void anInterruptThatUserCodeLeavesBehindIsGone() {
        var value = scope.callUserCode(() -> {
            Thread.currentThread().interrupt();
            return 1;
        });
        assertThat(value).isEqualTo(1);
        assertThat(Thread.interrupted()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> scope.callUserCode(() -> {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException();
                }));
        assertThat(Thread.interrupted()).isFalse();
    }

    // ---- interrupts that are owed

    private interface KernelWait {
        void await(AtomicBoolean over);
    }

    /** A thread that is in a kernel wait when its interrupt falls due, and waits by itself afterwards. */
    private void isInterruptedAfter(KernelWait wait) throws Exception {
        var over = new AtomicBoolean();
        var waiting = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            waiting.countDown();
            wait.await(over);
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        waiting.await();
        await().until(() -> scope.locked(() -> scope.worker.isWaitingInKernel()));
        scope.request(CancelRequest.now().grace(LONG));
        // The interrupt is due 50 ms after the stop.
        environment.outlast(Duration.ofMillis(300));
        scope.guarded(() -> over.set(true));
        scope.signal();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptThatFallsDueInAWaitOfTheKernelComesWhenTheWaitIsLeft() throws Exception {
        isInterruptedAfter(over -> scope.awaitUntil(over::get, Long.MAX_VALUE, false));
    }

    @Test
    void anInterruptThatFallsDueWhileAChildIsJoinedComesWhenItIsJoined() throws Exception {
        isInterruptedAfter(over -> {
            scope.beginJoin(over::get);
            try {
                scope.awaitInterruptibly(over::get, Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted in the wait", e);
            } finally {
                scope.endJoin();
            }
        });
    }

    @Test
    void anInterruptThatFallsDueWhileAnAborterIsClosedComesWhenItIs() throws Exception {
        var begun = new CountDownLatch(1);
        isInterruptedAfter(over -> {
            var registration = scope.onCancel(() -> {
                begun.countDown();
                while (!scope.locked(over::get)) {
                    Thread.onSpinWait();
                }
            });
            // So that the aborter is at work when it is closed.
            scope.awaitUntil(() -> begun.getCount() == 0 || scope.isCancelled(), Long.MAX_VALUE, false);
            awaitDeaf(begun);
            registration.close();
        });
    }

    @Test
    void aThreadThatWasNotInTheKernelIsInterruptedOnlyOnce() throws Exception {
        var interrupts = new AtomicInteger();
        var begun = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            begun.countDown();
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupts.incrementAndGet();
                }
                scope.awaitUntil(() -> true, Long.MAX_VALUE, false);
            }
        });
        begun.await();
        scope.onCancel(() -> {});
        scope.request(CancelRequest.now().grace(LONG));
        await().until(() -> interrupts.get() == 1);
        environment.outlast(Duration.ofMillis(200));
        assertThat(interrupts).hasValue(1);
    }

    @Test
    void aThreadLeavesOnlyWhenAnInterruptThatIsUnderWayHasCome() throws Exception {
        var begun = new CountDownLatch(1);
        var arrives = new CountDownLatch(1);
        var left = new AtomicBoolean();
        var interruptedAfterwards = new AtomicBoolean();
        var thread =
                new Thread(() -> {
                    scope.begin();
                    awaitDeaf(begun);
                    scope.leave();
                    left.set(true);
                    awaitDeaf(release);
                    interruptedAfterwards.set(Thread.currentThread().isInterrupted());
                }) {
                    @Override
                    public void interrupt() {
                        begun.countDown();
                        awaitDeaf(arrives);
                        super.interrupt();
                    }
                };
        scope.attach(thread, () -> {});
        thread.start();
        scope.request(CancelRequest.now().grace(LONG));
        await().until(() -> left.get() || thread.getState() == Thread.State.WAITING);
        assertThat(left).as("before the interrupt has come").isFalse();
        arrives.countDown();
        await().untilTrue(left);
        release.countDown();
        thread.join();
        assertThat(interruptedAfterwards).isFalse();
    }

    // ---- interrupts

    @Test
    void aThreadThatAsksForItsOwnStopIsNotInterrupted() throws Exception {
        var asked = new CountDownLatch(1);
        var interrupted = new AtomicReference<Boolean>();
        work(scope, () -> {}, () -> {
            scope.request(CancelRequest.now().grace(LONG));
            asked.countDown();
            awaitDeaf(release);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        asked.await();
        environment.outlast(Duration.ofMillis(300));
        release.countDown();
        await().until(() -> interrupted.get() != null);
        assertThat(interrupted).hasValue(false);
    }

    @Test
    void aThreadThatIsAbandonedIsInterruptedALastTime() throws Exception {
        var begun = new CountDownLatch(1);
        var interruptedAtLast = new CountDownLatch(1);
        var thread =
                new Thread(() -> {
                    scope.begin();
                    begun.countDown();
                    awaitReleaseDeaf();
                    scope.leave();
                }) {
                    @Override
                    public void interrupt() {
                        if (scope.locked(scope::hasExpired)) {
                            interruptedAtLast.countDown();
                        }
                        super.interrupt();
                    }
                };
        scope.attach(thread, () -> {});
        thread.start();
        begun.await();
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
        assertThat(interruptedAtLast.await(20, TimeUnit.SECONDS)).isTrue();
    }

    // ---- delays

    @Test
    void ofSeveralDelayedRequestsTheEarliestCountsAndOneTimerIsKept() {
        var before = environment.timers().pending();
        for (var i = 0; i < 1000; i++) {
            scope.requestAfter(LONG.minusSeconds(i), CancelRequest.now().reason("long"));
        }
        scope.requestAfter(SOON, CancelRequest.now().reason("soon"));
        scope.requestAfter(LONG, CancelRequest.now().reason("late"));
        assertThat(environment.timers().pending()).isEqualTo(before + 1);
        await().until(scope::isCancelled);
        assertThat(Objects.requireNonNull(scope.cause()).reason()).isEqualTo("soon");
    }

    @Test
    void anEndedScopeKeepsNoTimer() {
        var before = environment.timers().pending();
        streams();
        scope.requestAfter(LONG, CancelRequest.now());
        scope.request(CancelRequest.afterTurn().atMost(LONG));
        assertThat(environment.timers().pending()).isEqualTo(before + 2);
        scope.end();
        scope.requestAfter(LONG, CancelRequest.now());
        assertThat(environment.timers().pending()).isEqualTo(before);
    }
}
