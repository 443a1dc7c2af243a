package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelResponse;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs end in spite of unusual values. */
class AlwaysEndsTest {
    /** A practically infinite duration, with more nanoseconds than a long can hold. */
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    static Stream<Limits> limits() {
        var none = Limits.none();
        return Stream.of(
                none.deadline(FOR_EVER),
                none.firstToken(FOR_EVER),
                none.idle(FOR_EVER),
                none.tool(FOR_EVER),
                none.queue(FOR_EVER),
                none.pause(FOR_EVER));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void aLimitMayBeForEver(Limits limits) throws Exception {
        var agent = Agent.builder()
                .model(TestModel.of(calls("look"), says("Hello")))
                .tools(tool("look", context -> "ok"))
                .limits(limits)
                .build();
        var output = Events.end(agent.start("Hi"));
        assertThat(output.failure()).isNull();
        assertThat(output.text()).isEqualTo("Hello");
    }

    @Test
    void cleanupMayTakeForEver() throws Exception {
        var model = TestModel.of(hangs());
        var cleaned = new AtomicInteger();
        var run = Agent.builder()
                .model(model)
                .hookTimeouts(FOR_EVER, FOR_EVER)
                .onCancel((context, cause) -> cleaned.incrementAndGet())
                .build()
                .start("Hi");
        model.awaitRequests(1);
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(cleaned).hasValue(1);
    }

    @Test
    void theStoreMayBeWaitedForForEver() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .store(new InMemorySessionStore())
                .storeWait(FOR_EVER)
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.stored()).isTrue();
    }

    @Test
    void aStreamsOwnerAndAnAwaiterMayHaveForEver() throws Exception {
        var agent = Agent.of(TestModel.of(says("Hello"), says("Hello")), "");
        try (var events = agent.stream("Hi", RunOptions.defaults().consumerStall(FOR_EVER))) {
            assertThat(events.next(FOR_EVER)).isNotNull();
            events.forEach(event -> {});
            assertThat(events.output().text()).isEqualTo("Hello");
        }
        assertThat(agent.start("Hi").await(FOR_EVER).text()).isEqualTo("Hello");
    }

    @Test
    void aToolMayWaitForEver() {
        var agent = Agent.builder()
                .model(TestModel.of(calls("wait"), says("Hello")))
                .tools(tool(
                        "wait",
                        context -> context.cancellation().await(CompletableFuture.completedFuture("came"), FOR_EVER)))
                .build();
        assertThat(agent.run("Hi").tools().getFirst().result()).isEqualTo("came");
    }

    @Test
    void aBackOffMayBeForEver() throws Exception {
        var model = TestModel.of(fails(Kind.SERVER, "for now"), says("Hello"));
        var run = Agent.builder()
                .model(model)
                .retry(new RetryPolicy(1, FOR_EVER, 2, FOR_EVER))
                .build()
                .start("Hi");
        model.awaitRequests(1);
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
    }

    @Test
    void anErrorOfOneListenerHoldsUpNoOther() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.of(model, "").start("Hi");
        model.awaitRequests(1);
        var told = new CompletableFuture<RunOutput>();
        run.onEnd(output -> {
            throw new StackOverflowError();
        });
        run.onEnd(told::complete);
        run.cancel();
        Events.end(run);
        assertThat(told).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void aListenerThatBlocksDelaysNobody() throws Exception {
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(TestModel.of(says("first"), says("second")))
                .store(store)
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
        var gate = new Gate();
        var blocked = new Gate();
        var first = Agent.builder()
                .model(TestModel.of((_, _) -> {
                    gate.pass();
                    return ModelResponse.of("first");
                }))
                .store(store)
                .build()
                .start("Hi", RunOptions.defaults().sessionId("S"));
        gate.awaitReached();
        first.onEnd(_ -> blocked.passDeaf());
        var told = new CompletableFuture<RunOutput>();
        first.onEnd(told::complete);
        var second = agent.start("Hi", RunOptions.defaults().sessionId("S"));
        gate.open();
        try {
            blocked.awaitReached();
            assertThat(told).succeedsWithin(Duration.ofSeconds(20));
            assertThat(Events.end(first).isCompleted()).isTrue();
            assertThat(Events.end(second).isCompleted()).isTrue();
        } finally {
            blocked.open();
        }
    }

    @Test
    void aStoreMayAnswerWithNonsense() throws Exception {
        var store = new TestStore(new InMemorySessionStore()) {
            @Override
            @SuppressWarnings("NullAway") // a store of somebody's own may do what its types forbid
            public Finished finish(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
                return new Finished(null, List.of());
            }
        };
        var run = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .store(store)
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.stored()).isFalse();
        assertThat(Runs.shared().find(run.id())).isEmpty();
    }

    /** A value whose equals() fails; stores can hold it. */
    private static final class Incomparable {
        @JsonValue
        String text() {
            return "odd";
        }

        @Override
        public boolean equals(@Nullable Object other) {
            throw new IllegalStateException("incomparable");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("incomparable");
        }
    }

    @Test
    void sessionStateMayHoldWhatCannotBeCompared() throws Exception {
        var store = new InMemorySessionStore();
        var value = new Incomparable();
        var agent = Agent.builder()
                .model(TestModel.of(calls("keep"), says("Hello"), says("Hello")))
                .store(store)
                .storeWait(FOR_EVER)
                .tools(tool("keep", context -> {
                    context.sessionState().put("odd", value);
                    return "ok";
                }))
                .build();
        var options = RunOptions.defaults().sessionId("odd");
        for (var i = 0; i < 2; i++) {
            var output = Events.end(agent.start("Hi", options));
            assertThat(output.isCompleted()).isTrue();
            assertThat(output.stored()).isTrue();
        }
        assertThat(store.session("odd").orElseThrow().state()).containsKey("odd");
    }
}
