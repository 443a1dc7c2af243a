package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import dev.rein.run.AbandonedThread;
import dev.rein.run.CancelResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop of a single scope, or of a few. */
@Timeout(60)
class ScopeTest {
    /** So long that no test waits for it. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TestEnvironment environment = new TestEnvironment();
    private final Scope scope = Scope.root(environment, "run", "run x");
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeAll
    static void waitShortly() {
        org.awaitility.Awaitility.setDefaultTimeout(LIMIT);
    }

    @AfterEach
    void releaseAll() {
        release.countDown();
    }

    private void awaitReleaseDeaf() {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException e) {
                // Deaf on purpose.
            }
        }
    }

    /** Executes code as a scope's own. */
    private static Thread work(Scope as, Runnable onAbandoned, Runnable code) {
        var thread = Thread.ofVirtual().unstarted(() -> {
            as.begin();
            try {
                code.run();
            } finally {
                as.leave();
            }
        });
        as.attach(thread, onAbandoned);
        thread.start();
        return thread;
    }

    /** A scope in whose thread a response is streamed, so that a graceful stop lets it finish. */
    private void streams() {
        scope.begin();
        scope.enter(Phase.MODEL, "waiting for a model");
    }

    /** Code of the scope that ignores the stop. */
    private void deafCode() throws InterruptedException {
        var begun = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitAbandoned() {
        await().until(() -> scope.abandonedThreads().size() == 1);
    }

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

    private static void awaitDeaf(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
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

    // ---- the earliest instant that was promised

    @Test
    void aStrongerGracefulRequestDoesNotPutOffTheInstantOfAnEarlierOne() {
        streams();
        assertThat(scope.request(CancelRequest.afterStep().atMost(SOON))).isEqualTo(Outcome.REQUESTED);
        assertThat(scope.request(CancelRequest.afterTurn().atMost(LONG))).isEqualTo(Outcome.UPGRADED);
        assertThat(scope.isCancelled()).isFalse();
        await().until(scope::isCancelled);
    }

    @Test
    void aWeakerRequestWithAnEarlierInstantBringsItForward() {
        streams();
        assertThat(scope.request(CancelRequest.afterTurn().atMost(LONG))).isEqualTo(Outcome.REQUESTED);
        assertThat(scope.request(CancelRequest.afterStep().atMost(SOON))).isEqualTo(Outcome.ALREADY_REQUESTED);
        assertThat(scope.isCancelled()).isFalse();
        await().until(scope::isCancelled);
    }

    @Test
    void aLaterRequestOfNowShortensTheGrace() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aLaterRequestOfNowShortensTheGraceOnceTheThreadsWereInterruptedToo() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        environment.outlast(Duration.ofMillis(300));
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aLaterRequestNeverLengthensTheGrace() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(SOON));
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.afterTurn().grace(LONG).atMost(LONG));
        awaitAbandoned();
    }

    @Test
    void theShortestGraceOfTheRequestsBeforeTheStopTookEffectCounts() throws Exception {
        deafCode();
        streams();
        scope.request(CancelRequest.afterTurn().grace(SOON).atMost(LONG));
        assertThat(scope.isCancelled()).isFalse();
        assertThat(scope.request(CancelRequest.now().grace(LONG))).isEqualTo(Outcome.UPGRADED);
        awaitAbandoned();
    }

    @Test
    void anUpgradeToNowHasItsOwnShorterGrace() throws Exception {
        deafCode();
        scope.enter(Phase.TOOLS, "calling tools");
        scope.request(CancelRequest.afterTools().grace(LONG));
        assertThat(scope.isCancelled()).isFalse();
        scope.request(CancelRequest.now().grace(SOON));
        awaitAbandoned();
    }

    @Test
    void aRequestForAChildAloneShortensTheGraceThatItsParentGaveIt() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, () -> {}, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        scope.request(CancelRequest.now().grace(LONG));
        child.request(CancelRequest.now().grace(SOON));
        await().until(() -> child.abandonedThreads().size() == 1);
    }

    @Test
    void aDeafThreadIsAbandonedAlsoWhenADeafOneBelowItWasAbandonedFirst() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, child::end, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        deafCode();
        scope.request(CancelRequest.now().grace(SOON));
        await().until(() -> child.abandonedThreads().size() == 1);
        awaitAbandoned();
    }

    @Test
    void aSecondRequestOfNowLeavesTheGraceThatItAsksFor() throws Exception {
        deafCode();
        scope.request(CancelRequest.now().grace(LONG));
        scope.request(CancelRequest.now().grace(LONG.minusMinutes(1)));
        environment.outlast(Duration.ofMillis(300));
        assertThat(scope.abandonedThreads()).isEmpty();
    }

    @Test
    void aStoppedChildTakesTheStrongerModeAndTheShorterGraceOfItsParent() throws Exception {
        var child = Objects.requireNonNull(scope.childRun("child", "run child", false));
        var begun = new CountDownLatch(1);
        work(child, () -> {}, () -> {
            child.enter(Phase.MODEL, "waiting for a model");
            begun.countDown();
            awaitReleaseDeaf();
        });
        begun.await();
        child.request(CancelRequest.afterTurn().grace(LONG).atMost(LONG));
        assertThat(child.isCancelled()).isFalse();
        scope.request(CancelRequest.now().grace(SOON));
        assertThat(child.isCancelled()).isTrue();
        assertThat(Objects.requireNonNull(child.stop()).mode).isEqualTo(CancelMode.NOW);
        await().until(() -> child.abandonedThreads().size() == 1);
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
