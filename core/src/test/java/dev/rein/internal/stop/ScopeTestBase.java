package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A scope, and code in it that ignores a stop. */
abstract class ScopeTestBase {
    /** So long that no test waits for it. */
    static final Duration LONG = Duration.ofHours(1);

    static final Duration SOON = Duration.ofMillis(100);
    static final Duration LIMIT = Duration.ofSeconds(20);

    final TestEnvironment environment = new TestEnvironment();
    final Scope scope = Scope.root(environment, "run", "run x");
    final CountDownLatch release = new CountDownLatch(1);

    @BeforeAll
    static void waitShortly() {
        org.awaitility.Awaitility.setDefaultTimeout(LIMIT);
    }

    @AfterEach
    void releaseAll() {
        release.countDown();
    }

    void awaitReleaseDeaf() {
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
    static Thread work(Scope as, Runnable onAbandoned, Runnable code) {
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
    void streams() {
        scope.begin();
        scope.enter(Phase.MODEL, "waiting for a model");
    }

    /** Code of the scope that ignores the stop. */
    void deafCode() throws InterruptedException {
        var begun = new CountDownLatch(1);
        work(scope, () -> {}, () -> {
            begun.countDown();
            awaitReleaseDeaf();
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    void awaitAbandoned() {
        await().until(() -> scope.abandonedThreads().size() == 1);
    }

    static void awaitDeaf(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
