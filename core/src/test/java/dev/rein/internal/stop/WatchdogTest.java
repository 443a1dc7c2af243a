package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the watchdog has a thread, which costs processor time: only while trees of runs work. */
@Timeout(60)
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Watchdog watchdog = new Watchdog(code -> {
        if (refusals.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        var thread = Thread.ofPlatform().daemon().unstarted(code);
        threads.add(thread);
        return thread;
    });
    private final TestEnvironment environment = new TestEnvironment(watchdog);
    private final Scope scope = Scope.root(environment, "run", "run x");

    @AfterEach
    void sleepAgain() {
        watchdog.enable(false);
    }

    private boolean isAwake() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    private void awaitAwake() {
        await().atMost(LIMIT).until(this::isAwake);
    }

    private void awaitAsleep() {
        await().atMost(LIMIT).until(() -> !isAwake());
    }

    private Thread attach(Runnable code) {
        var thread = Thread.ofVirtual().unstarted(code);
        scope.attach(thread, () -> {});
        return thread;
    }

    @Test
    void itSleepsWhileNoRunHasStarted() {
        assertThat(isAwake()).isFalse();
        attach(() -> {});
        awaitAwake();
        scope.end();
        awaitAsleep();
    }

    @Test
    void itSleepsWhileEveryRunIsPaused() {
        attach(() -> {});
        scope.begin();
        awaitAwake();
        scope.guarded(() -> scope.awaitsDecision(true));
        awaitAsleep();
        scope.guarded(() -> scope.awaitsDecision(false));
        awaitAwake();
        scope.guarded(() -> scope.awaitsDecision(true));
        awaitAsleep();
        scope.end();
        awaitAsleep();
    }

    @Test
    void itSleepsWhileARunQueues() {
        var over = new AtomicBoolean();
        attach(() -> {
                    scope.awaitUntil(over::get, Long.MAX_VALUE, false);
                    scope.begin();
                })
                .start();
        await().atMost(LIMIT).until(() -> scope.locked(() -> scope.worker.isWaitingInKernel()));
        awaitAsleep();
        scope.guarded(() -> over.set(true));
        scope.signal();
        awaitAwake();
        scope.end();
    }

    @Test
    void partsOfATreeAreNotCounted() {
        attach(() -> {});
        var piece = scope.childPiece("tool x");
        piece.attach(Thread.ofVirtual().unstarted(() -> {}), () -> {});
        scope.end();
        awaitAsleep();
    }

    @Test
    void aThreadThatCanNotBeStartedIsTriedAgainByTheNextRun() {
        refusals.set(1);
        attach(() -> {});
        assertThat(threads).isEmpty();
        var next = Scope.root(environment, "next", "run next");
        next.attach(Thread.ofVirtual().unstarted(() -> {}), () -> {});
        awaitAwake();
        next.end();
        scope.end();
        awaitAsleep();
    }

    @Test
    void enablingItWakesItOnlyWhileRunsWork() {
        watchdog.enable(false);
        attach(() -> {});
        assertThat(isAwake()).isFalse();
        watchdog.enable(true);
        awaitAwake();
        scope.end();
        awaitAsleep();
        watchdog.enable(true);
        assertThat(isAwake()).isFalse();
    }
}
