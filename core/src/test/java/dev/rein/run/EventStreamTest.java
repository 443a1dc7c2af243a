package dev.rein.run;

import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.StreamExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Subscribers: runs do not wait for them, and they receive all events that are kept. */
class EventStreamTest {

    /** Delivers the given number of one-character chunks, and waits for the gate, if any, before further ones. */
    private static TestModel.Turn chunks(int count) {
        return (request, call) -> {
            for (var n = 0; n < count; n++) {
                call.text("x");
            }
            return says().respond(request, call);
        };
    }

    private static List<Long> indexes(List<RunEvent> events) {
        return events.stream().map(RunEvent::index).toList();
    }

    @Test
    void aLateSubscriberReadsFromTheBeginning() throws Exception {
        var model = TestModel.of(saysAndHangs("a", "b", "c"));
        var run = Agent.of(model, "").start("Go");
        await().until(() -> run.output().text().equals("abc"));
        var seen = new ArrayList<String>();
        try (var events = run.events()) {
            for (var event : events) {
                seen.add(event.name());
                if (event instanceof RunContent content && content.content().equals("c")) {
                    run.cancel();
                }
            }
        }
        assertThat(seen)
                .containsExactly(
                        "RunStarted", "ModelRequestStarted", "RunContent", "RunContent", "RunContent", "RunCancelled");
    }

    @Test
    void aSubscriberOfAnEndedRunReadsAllOfItAndEnds() throws Exception {
        var run = Agent.of(TestModel.of(says("a", "b")), "").start("Go");
        Events.end(run);
        assertThat(Events.of(run)).hasSize(7).isEqualTo(Events.of(run));
    }

    @Test
    void readingResumesAfterAnIndexWithoutGapOrDouble() throws Exception {
        var gate = new Gate();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            chunks(50).respond(request, call);
                            gate.pass();
                            return chunks(50).respond(request, call);
                        }),
                        "")
                .start("Go");
        var first = new ArrayList<RunEvent>();
        try (var events = run.events()) {
            for (var event : events) {
                first.add(event);
                if (first.size() == 30) {
                    break;
                }
            }
        }
        gate.open();
        var second = new ArrayList<RunEvent>();
        try (var events = run.events(first.getLast().index())) {
            events.forEach(second::add);
        }
        Events.end(run);
        var all = new ArrayList<>(first);
        all.addAll(second);
        assertThat(indexes(all))
                .isEqualTo(LongStream.range(0, all.size()).boxed().toList());
        assertThat(all).isEqualTo(Events.of(run));
        assertThat(Events.only(RunContent.class, all)).hasSize(100);
    }

    @Test
    void resumingAfterTheLastEventEndsAtOnce() throws Exception {
        var run = Agent.of(TestModel.of(says("a")), "").start("Go");
        Events.end(run);
        var last = Events.of(run).getLast();
        try (var events = run.events(last.index())) {
            assertThat(Events.rest(events)).isEmpty();
        }
        try (var events = run.events(last.index() + 1_000)) {
            assertThat(Events.rest(events)).isEmpty();
        }
    }

    @Test
    void aReaderWithSomethingElseToDoLooksForTheNextEvent() throws Exception {
        var gate = new Gate();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.text("x");
                            gate.pass();
                            return says().respond(request, call);
                        }),
                        "")
                .start("Go");
        gate.awaitReached();
        var seen = new ArrayList<RunEvent>();
        try (var events = run.events()) {
            for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                seen.add(event);
            }
            assertThat(seen).extracting(RunEvent::name).endsWith("RunContent");
            assertThat(events.next(Duration.ofMillis(5))).as("nothing happens").isNull();
            assertThat(events.isOver()).isFalse();
            gate.open();
            while (!events.isOver()) {
                var event = events.next(Duration.ofMinutes(1));
                assertThat(event).as("waited for").isNotNull();
                seen.add(event);
            }
            assertThat(events.next(Duration.ofMinutes(1)))
                    .as("what is over is not waited for")
                    .isNull();
        }
        assertThat(seen).isEqualTo(Events.of(run));
    }

    @Test
    void aStreamIsOverWhenItIsClosed() throws Exception {
        var run = Agent.of(TestModel.of(saysAndHangs("a")), "").start("Go");
        var events = run.events();
        assertThat(events.next(Duration.ofMinutes(1))).isNotNull();
        assertThat(events.isOver()).isFalse();
        events.close();
        assertThat(events.isOver()).isTrue();
        assertThat(events.next(Duration.ofMinutes(1))).isNull();
        run.cancel();
        Events.end(run);
    }

    @Test
    void subscribersDoNotDisturbEachOther() throws Exception {
        var gate = new Gate();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.text("x");
                            gate.pass();
                            return chunks(100).respond(request, call);
                        }),
                        "")
                .start("Go");
        gate.awaitReached();
        var read = IntStream.range(0, 8)
                .mapToObj(n -> new AtomicReference<List<RunEvent>>())
                .toList();
        var threads = read.stream()
                .map(each -> Thread.ofVirtual().start(() -> each.set(Events.of(run))))
                .toList();
        try (var leaver = run.events()) {
            leaver.iterator().next();
        }
        gate.open();
        Events.end(run);
        for (var thread : threads) {
            thread.join();
        }
        assertThat(read).allSatisfy(each -> assertThat(each.get()).isEqualTo(Events.of(run)));
    }

    @Test
    void aSubscriberThatStopsReadingDoesNotHoldUpTheRunAndIsExpired() throws Exception {
        var gate = new Gate();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.text("first");
                            gate.pass();
                            return chunks(12_000).respond(request, call);
                        }),
                        "")
                .start("Go");
        try (var events = run.events()) {
            var iterator = events.iterator();
            var first = iterator.next();
            gate.open();
            assertThat(Events.end(run).isCompleted()).isTrue();
            assertThatExceptionOfType(StreamExpiredException.class)
                    .isThrownBy(iterator::next)
                    .satisfies(e -> {
                        assertThat(e.runId()).isEqualTo(run.id());
                        assertThat(e.oldestIndex()).isGreaterThan(first.index() + 1);
                        assertThat(e).hasMessageContaining("stream_expired").hasMessageContaining(run.id());
                        try (var again = run.events(e.oldestIndex() - 1)) {
                            var rest = Events.rest(again);
                            assertThat(rest.getFirst().index()).isEqualTo(e.oldestIndex());
                            assertThat(rest.getLast().name()).isEqualTo("RunCompleted");
                            assertThat(rest).hasSizeBetween(9_999, 10_001);
                        }
                    });
        }
        try (var fromTheStart = run.events()) {
            assertThatExceptionOfType(StreamExpiredException.class)
                    .isThrownBy(() -> fromTheStart.iterator().hasNext());
        }
    }

    @Test
    void theLogIsBoundedByItsSizeInBytesToo() throws Exception {
        var megabyte = "x".repeat(1 << 20);
        var run = Agent.of(
                        TestModel.of(
                                says(megabyte, megabyte, megabyte, megabyte, megabyte, megabyte, megabyte, megabyte)),
                        "")
                .start("Go");
        Events.end(run);
        try (var events = run.events()) {
            assertThatExceptionOfType(StreamExpiredException.class)
                    .isThrownBy(() -> events.iterator().next());
        }
    }

    @Test
    void closingFromAnotherThreadEndsTheIterationAndNotTheRun() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.of(model, "").start("Go");
        var events = run.events();
        var reader = Thread.ofVirtual().start(() -> Events.rest(events));
        model.awaitRequests(1);
        await().until(() -> reader.getState() == Thread.State.WAITING);
        events.close();
        reader.join();
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        run.cancel();
        Events.end(run);
    }

    @Test
    void theIteratorIsOneAndEndsProperly() throws Exception {
        var run = Agent.of(TestModel.of(says("a")), "").start("Go");
        Events.end(run);
        try (var events = run.events()) {
            assertThat(events.iterator()).isSameAs(events.iterator());
            Events.rest(events);
            assertThat(events.iterator().hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> events.iterator().next())
                    .withMessageContaining(run.id());
        }
    }

    @Test
    void interruptingAReaderEndsTheReadingOnly() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.of(model, "").start("Go");
        model.awaitRequests(1);
        var flag = new AtomicReference<Boolean>();
        var reader = Thread.ofVirtual().start(() -> {
            try (var events = run.events()) {
                Events.rest(events);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> reader.getState() == Thread.State.WAITING);
        reader.interrupt();
        reader.join();
        assertThat(flag.get()).isTrue();
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        run.cancel();
        Events.end(run);
    }
}
