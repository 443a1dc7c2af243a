package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.ValueCopies;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Values that users' code makes may block, throw or hold locks: no stop, no end and no other run waits for them. */
class UserValuesTest {
    private final CountDownLatch released = new CountDownLatch(1);

    /** Holds on to a lock until the test is over, whatever interrupts it. */
    private void holdOn() {
        var interrupted = true;
        while (interrupted) {
            try {
                released.await();
                interrupted = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Test
    void aMapThatSomebodyHoldsALockOnDoesNotHoldUpAStopWhenItIsEmitted() throws Exception {
        var map = Collections.synchronizedMap(new HashMap<String, Object>(Map.of("done", 1)));
        var locked = new CountDownLatch(1);
        var emitting = new CountDownLatch(1);
        var agent = Agent.builder()
                .model(TestModel.of(calls("hold", "emit"), says("done")))
                .tools(
                        tool("hold", context -> {
                            synchronized (map) {
                                locked.countDown();
                                holdOn();
                            }
                            return "ok";
                        }),
                        tool("emit", context -> {
                            locked.await();
                            emitting.countDown();
                            context.emit("progress", map);
                            return "ok";
                        }))
                .build();
        var run = agent.start("Hi");
        emitting.await();

        run.cancel(CancelRequest.now().grace(Duration.ofMillis(50)));
        var output = Events.end(run);
        released.countDown();

        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isNotEmpty();
    }

    @Test
    void stateThatAnAbandonedToolHoldsALockOnDoesNotHoldUpTheEnd() throws Exception {
        var locked = new CountDownLatch(1);
        var agent = Agent.builder()
                .model(TestModel.of(calls("hold"), says("done")))
                .sessionState(Map.of("color", "blue"))
                .tools(tool("hold", context -> {
                    var map = Collections.synchronizedMap(new HashMap<String, Object>(Map.of("a", 1)));
                    context.sessionState().put("cart", map);
                    context.sessionState().put("color", "red");
                    synchronized (map) {
                        locked.countDown();
                        holdOn();
                    }
                    return "ok";
                }))
                .build();
        var run = agent.start("Hi");
        locked.await();

        run.cancel(CancelRequest.now().grace(Duration.ofMillis(50)));
        var output = Events.end(run);
        released.countDown();

        assertThat(output.isCancelled()).isTrue();
        assertThat(output.sessionState()).containsEntry("color", "red").doesNotContainKey("cart");
    }

    @Test
    void aValueThatTakesItsTimeToPrintHoldsUpNoStopOfATracedRun() throws Exception {
        var printing = new CountDownLatch(1);
        var slow = new Object() {
            @Override
            public String toString() {
                printing.countDown();
                holdOn();
                return "slow";
            }
        };
        var run = Agent.builder()
                .model(TestModel.of(calls("emit"), says("done")))
                .debug(true)
                .tools(tool("emit", context -> {
                    context.emit("progress", Map.of("slow", slow));
                    return "ok";
                }))
                .build()
                .start("Hi");
        printing.await();

        run.cancel(CancelRequest.now().grace(Duration.ofMillis(50)));
        var output = Events.end(run);
        released.countDown();

        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isNotEmpty();
    }

    @Test
    void aDeadlineOfAnotherRunFiresWhileSomebodyHoldsALock() throws Exception {
        var locked = new CountDownLatch(1);
        var map = Collections.synchronizedMap(new HashMap<String, Object>(Map.of("a", 1)));
        var holder = Agent.builder()
                .model(TestModel.of(calls("hold"), says("done")))
                .limits(Limits.none().deadline(Duration.ofMillis(1)))
                .tools(tool("hold", context -> {
                    context.sessionState().put("cart", map);
                    synchronized (map) {
                        locked.countDown();
                        holdOn();
                    }
                    return "ok";
                }))
                .build()
                .start("Hi");
        var other = Agent.builder()
                .model(TestModel.of(hangs()))
                .limits(Limits.none().deadline(Duration.ofMillis(100)))
                .build()
                .start("Hi");

        assertThat(Events.end(other).isCancelled()).isTrue();
        released.countDown();
        Events.end(holder);
    }

    @Test
    void aResultWithoutATextIsAResult() throws Exception {
        var nothing = new Object() {
            @Override
            public String toString() {
                return null;
            }
        };
        var agent = Agent.builder()
                .model(TestModel.of(calls("look"), says("done")))
                .tools(tool("look", context -> nothing))
                .build();

        var output = Events.end(agent.start("Hi"));

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.tools())
                .singleElement()
                .satisfies(call -> assertThat(call.result()).isIn("null", "{}"));
    }

    @Test
    void aMessageThatCantBeMadeIsAToolError() throws Exception {
        var agent = Agent.builder()
                .model(TestModel.of(calls("look"), says("done")))
                .tools(tool("look", context -> {
                    throw new RuntimeException() {
                        @Override
                        public String getMessage() {
                            throw new NoClassDefFoundError("x/Detail");
                        }
                    };
                }))
                .build();

        var output = Events.end(agent.start("Hi"));

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.tools()).singleElement().satisfies(call -> {
            assertThat(call.error()).isTrue();
            assertThat(call.result()).contains("NoClassDefFoundError");
        });
    }

    /** A map of the user's own whose content can't be read. */
    private static Map<String, Object> unreadable(Error failure) {
        return new HashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public void forEach(BiConsumer<? super String, ? super Object> action) {
                throw failure;
            }
        };
    }

    @Test
    void stateThatCantBeReadEndsTheRunOnceAndAsItWas() throws Exception {
        for (var failure : List.of(new AssertionError("lazy"), new OutOfMemoryError("Java heap space"))) {
            var agent = Agent.builder()
                    .model(TestModel.of(calls("look"), says("done")))
                    .tools(tool("look", context -> {
                        context.sessionState().put("map", unreadable(failure));
                        return "ok";
                    }))
                    .build();

            var run = agent.start("Hi");
            var terminal = new ArrayList<String>();
            for (var event : run.events()) {
                if (event instanceof Terminal) {
                    terminal.add(event.name());
                }
            }

            assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(terminal).containsExactly("RunCompleted");
        }
    }

    @Test
    void storesAreToldApartWithoutACallOfTheirCode() throws Exception {
        var store = new TestStore(new InMemorySessionStore()) {
            @Override
            public boolean equals(Object other) {
                throw new AssertionError("called");
            }

            @Override
            public int hashCode() {
                throw new AssertionError("called");
            }
        };
        var agent = Agent.builder()
                .model(TestModel.of(says("Hi"), says("Hi")))
                .store(store)
                .build();

        var first = agent.run("Hi", RunOptions.defaults().sessionId("session"));
        var second = agent.run("Hi", RunOptions.defaults().sessionId("session"));

        assertThat(store.run(first.runId())).isPresent();
        assertThat(store.run(second.runId())).isPresent();
    }

    @Test
    void metadataIsCopiedWhenItIsGiven() throws Exception {
        var list = new ArrayList<Object>(List.of("a"));
        var options = RunOptions.defaults().metadata(Map.of("list", list));
        list.add("b");

        var output = Agent.builder().model(TestModel.of(says("Hi"))).build().run("Hi", options);

        assertThat(output.metadata()).containsEntry("list", List.of("a"));
    }

    @Test
    void copiesOfOrdinaryValuesKeepTheirContent() throws Exception {
        var nested = new HashMap<String, Object>();
        nested.put("nothing", null);
        nested.put("list", Arrays.asList(1, null, Set.of("x")));

        assertThat(ValueCopies.copyInert(nested)).isEqualTo(nested);
        assertThat(ValueCopies.isSame(nested, ValueCopies.copy(nested))).isTrue();
        assertThat(ValueCopies.isSame(nested, Map.of())).isFalse();
        assertThat(ValueCopies.describe(new Object() {
                    @Override
                    public String toString() {
                        throw new AssertionError("called");
                    }
                }))
                .contains("UserValuesTest");
    }
}
