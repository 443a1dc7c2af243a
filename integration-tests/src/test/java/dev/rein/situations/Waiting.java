package dev.rein.situations;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** How long tests wait. Nothing here is a measurement: a stop takes milliseconds, and these bounds only catch hangs. */
final class Waiting {
    /** For what must happen at once: far above what it takes, far below every grace period used with it. */
    static final Duration SOON = Duration.ofSeconds(20);

    /** For what must happen at all. */
    static final Duration LONG = Duration.ofSeconds(60);

    /** A grace period that no test lives to see: whatever ends before it was not abandoned. */
    static final Duration NEVER = Duration.ofSeconds(240);

    private static final Duration FIRST_LIMIT = Duration.ofMillis(150);

    private Waiting() {}

    /** A scenario with a limit before which something must happen. */
    @FunctionalInterface
    interface Limited<T> {
        T play(Duration limit);
    }

    /**
     * Plays a scenario with a longer limit each time until what must happen before the limit did: how long that takes depends
     * on the machine. Returns the result of the first such try; when there is none, of the last one, for the test to fail on.
     */
    static <T> T withGrowingLimit(Limited<T> scenario, Predicate<T> inTime) {
        var limit = FIRST_LIMIT;
        while (true) {
            var result = scenario.play(limit);
            limit = limit.multipliedBy(3);
            if (inTime.test(result) || limit.compareTo(LONG) > 0) {
                return result;
            }
        }
    }

    /** Waits for a latch whatever happens; an interrupt is not lost. */
    static void deaf(CountDownLatch latch) {
        var interrupted = false;
        var end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                if (!latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("waited " + LONG + " for a latch at " + latch.getCount());
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }
}
