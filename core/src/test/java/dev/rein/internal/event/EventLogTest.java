package dev.rein.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.internal.run.ProcessEnvironment;
import dev.rein.internal.stop.Scope;
import dev.rein.run.ComponentKind;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventLogTest {
    private static final Origin ORIGIN =
            new Origin(ComponentKind.AGENT, "agent", null, "run", null, "run", null, 0, null);
    private static final LongFunction<RunEvent> EVENT =
            index -> new CustomEvent(new EventMeta(ORIGIN, index, Instant.EPOCH), "event", Map.of());

    private static final LongFunction<RunEvent> CANCELLED = index -> new RunCancelled(
            new EventMeta(ORIGIN, index, Instant.EPOCH),
            new CancelCause(CancelKind.USER, "enough", null, Instant.EPOCH),
            CancelMode.NOW,
            "",
            Duration.ZERO,
            List.of(),
            true);

    /**
     * How long a second waiter waited for an owner that was given up because of the first one, and for how long that waited.
     *
     * @param second null if the owner was given up before the second one waited
     */
    private record Waits(@Nullable Duration second, Duration stall, int stalls) {
        boolean isInTime() {
            return second != null && second.compareTo(stall) < 0;
        }
    }

    private static Waits stall(Duration stall) throws Exception {
        var scope = Scope.root(ProcessEnvironment.shared(), "run", "run run");
        var log = new EventLog(scope.lock(), stall, 0);
        var stalls = new AtomicInteger();
        var _ = log.reader("run", 0, stalls::incrementAndGet);
        for (var i = 0; i < EventLog.MAX_EVENTS; i++) {
            log.append(scope, 0, EVENT);
        }
        var first = Thread.ofPlatform().start(() -> log.append(scope, 0, EVENT));
        var half = new CountDownLatch(1);
        var _ = ProcessEnvironment.shared().timers().after(stall.dividedBy(2), half::countDown);
        assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
        var began = System.nanoTime();
        var ended = new AtomicLong();
        var second = Thread.ofPlatform().start(() -> {
            log.append(scope, 0, EVENT);
            ended.set(System.nanoTime());
        });
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> log.waiting() == 2 || stalls.get() > 0);
        var bothWaited = scope.locked(() -> stalls.get() == 0);
        first.join();
        second.join();
        return new Waits(bothWaited ? Duration.ofNanos(ended.get() - began) : null, stall, stalls.get());
    }

    /** A log that has wrapped around, with the end of a cancelled run after every second event. */
    @Test
    void theIndexAfterTheEndOfACancelledRunStaysFree() throws Exception {
        var scope = Scope.root(ProcessEnvironment.shared(), "run", "run run");
        var log = new EventLog(scope.lock(), Duration.ofSeconds(30), 0);
        var early = log.reader("run", 0, null);
        for (var i = 0; i < 15; i++) {
            log.append(scope, 0, i % 2 == 0 ? EVENT : CANCELLED);
        }
        assertThat(log.next()).isEqualTo(22);
        var expected = List.of(0L, 1L, 3L, 4L, 6L, 7L, 9L, 10L, 12L, 13L, 15L, 16L, 18L, 19L, 21L);
        assertThat(rest(early)).isEqualTo(expected);
        assertThat(early.isDone(() -> true)).isTrue();
        for (var from = 0L; from <= 22; from++) {
            var start = from;
            assertThat(rest(log.reader("run", from, null)))
                    .as("from %s", from)
                    .isEqualTo(expected.stream().filter(index -> index >= start).toList());
        }
        log.append(scope, 0, CANCELLED);
        assertThat(rest(early)).containsExactly(22L);
        assertThat(early.isDone(() -> true)).isTrue();
        assertThat(log.reader("run", 23, null).isDone(() -> true)).isTrue();
        for (var i = 0; i < EventLog.MAX_EVENTS; i++) {
            log.append(scope, 0, i % 3 == 0 ? CANCELLED : EVENT);
        }
        assertThat(rest(log.reader("run", log.first(), null)))
                .hasSizeGreaterThan(EventLog.MAX_EVENTS / 2)
                .isSorted();
    }

    private static List<Long> rest(EventLog.Reader reader) throws InterruptedException {
        var indexes = new ArrayList<Long>();
        for (var event = reader.take(() -> true, 0, true); event != null; event = reader.take(() -> true, 0, true)) {
            indexes.add(event.index());
        }
        return indexes;
    }

    @Test
    void allAppendersContinueWhenAStalledOwnerIsGivenUp() throws Exception {
        assertThat(GrowingLimit.play(EventLogTest::stall, Waits::isInTime)).satisfies(waits -> {
            assertThat(waits.isInTime()).isTrue();
            assertThat(waits.stalls()).isEqualTo(1);
        });
    }
}
