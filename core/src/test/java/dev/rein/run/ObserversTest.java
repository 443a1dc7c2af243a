package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.runtime.Runs;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Those who observe runs hear of everything, in order, and cost the runs nothing; those who intercept calls are around them. */
class ObserversTest {
    /** What was heard, and the end of one run to wait for. */
    private static class Recorder implements RunListener {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final CountDownLatch rootEnded = new CountDownLatch(1);

        @Override
        public void runStarted(RunInfo run) {
            heard.add("started " + run.componentId());
        }

        @Override
        public void modelRequestEnded(RunInfo run, ModelRequest request) {
            heard.add("model " + request.outcome());
        }

        @Override
        public void toolCallEnded(RunInfo run, ToolCall call) {
            heard.add("tool " + call.toolName() + " " + call.outcome());
        }

        @Override
        public void runEnded(RunInfo run, RunOutput output) {
            heard.add("ended " + run.componentId() + " " + output.status());
            if (run.isRoot()) {
                rootEnded.countDown();
            }
        }

        List<String> untilTheEnd() throws InterruptedException {
            assertThat(rootEnded.await(20, TimeUnit.SECONDS)).isTrue();
            return heard;
        }
    }

    @Test
    void aListenerHearsOfStartsRequestsCallsAndEndsInOrder() throws Exception {
        var recorder = new Recorder();
        var agent = Agent.builder()
                .name("a")
                .model(TestModel.of(calls("look"), calls("broken"), says("done")))
                .tools(tool("look", context -> "ok"), tool("broken", context -> {
                    throw new IllegalStateException("no");
                }))
                .listener(recorder)
                .build();

        Events.end(agent.start("Hi"));

        assertThat(recorder.untilTheEnd())
                .containsExactly(
                        "started a",
                        "model COMPLETED",
                        "tool look COMPLETED",
                        "model COMPLETED",
                        "tool broken FAILED",
                        "model COMPLETED",
                        "ended a COMPLETED");
    }

    @Test
    void runsBelowAreObservedOnceToo() throws Exception {
        var recorder = new Recorder();
        var agent = Agent.builder()
                .name("a")
                .model(TestModel.of(says("done")))
                .listener(recorder)
                .build();
        var workflow = Workflow.builder()
                .name("w")
                .steps(Step.of("one", agent))
                .listener(recorder)
                .build();

        Events.end(workflow.start("Hi"));

        assertThat(recorder.untilTheEnd())
                .containsExactly("started w", "started a", "model COMPLETED", "ended a COMPLETED", "ended w COMPLETED");
    }

    @Test
    void aStoppedRunTellsItsCauseToListeners() throws Exception {
        var output = new CopyOnWriteArrayList<RunOutput>();
        var recorder = new Recorder() {
            @Override
            public void runEnded(RunInfo run, RunOutput ended) {
                output.add(ended);
                super.runEnded(run, ended);
            }
        };
        var model = TestModel.of(hangs());
        var run = Agent.builder()
                .name("a")
                .model(model)
                .listener(recorder)
                .build()
                .start("Hi");
        model.awaitRequests(1);
        run.cancel();

        assertThat(recorder.untilTheEnd()).containsExactly("started a", "model CANCELLED", "ended a CANCELLED");
        assertThat(output).singleElement().satisfies(ended -> {
            assertThat(ended.cause()).isNotNull();
            assertThat(ended.stopTook()).isNotNull();
        });
    }

    @Test
    void aListenerThatHangsOrThrowsHoldsUpNobody() throws Exception {
        var hanging = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var recorder = new Recorder();
        var agent = Agent.builder()
                .name("a")
                .model(TestModel.of(says("done"), hangs()))
                .listener(new RunListener() {
                    @Override
                    public void runStarted(RunInfo run) {
                        hanging.countDown();
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError("a listener is not interrupted", e);
                        }
                    }
                })
                .listener(new RunListener() {
                    @Override
                    public void runStarted(RunInfo run) {
                        throw new AssertionError("a listener's own failure");
                    }
                })
                .listener(recorder)
                .build();

        assertThat(Events.end(agent.start("Hi")).isCompleted()).isTrue();
        var second = agent.start("Hi");
        hanging.await();
        second.cancel();
        assertThat(Events.end(second).isCancelled()).isTrue();
        assertThat(recorder.untilTheEnd()).contains("ended a COMPLETED");
        released.countDown();
    }

    private static final ScopedValue<String> BOUND = ScopedValue.newInstance();

    /** Carries what is bound to the thread that starts a run onto the threads that make its calls. */
    private static final class Carrier implements CallInterceptor {
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
            throw new AssertionError("forRun gives another one");
        }

        @Override
        public CallInterceptor forRun(RunInfo run) {
            var captured = BOUND.isBound() ? BOUND.get() : "nothing";
            return new CallInterceptor() {
                @Override
                public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
                    calls.add(call.kind() + " " + call.name() + " "
                            + call.context().componentId());
                    return ScopedValue.where(BOUND, captured).<T, Exception>call(code::call);
                }
            };
        }
    }

    @Test
    void interceptorsCarryContextOntoTheThreadsOfCalls() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        var carrier = new Carrier();
        var agent = Agent.builder()
                .name("a")
                .model(TestModel.of(calls("look"), says("done")))
                .tools(tool("look", context -> {
                    seen.add("tool " + BOUND.get());
                    return "ok";
                }))
                .before("check", (input, context) -> {
                    seen.add("hook " + BOUND.get());
                    return input;
                })
                .build();
        var workflow = Workflow.builder()
                .name("w")
                .steps(
                        Step.of("function", input -> {
                            seen.add("step " + BOUND.get());
                            return StepOutput.of("x");
                        }),
                        Step.of("agent", agent))
                .interceptor(carrier)
                .build();

        var output = ScopedValue.where(BOUND, "alice").call(() -> workflow.run("Hi"));

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(seen).containsExactly("step alice", "hook alice", "tool alice");
        assertThat(carrier.calls)
                .containsExactly(
                        "STEP function w",
                        "HOOK check a",
                        "MODEL_REQUEST test-model a",
                        "TOOL_CALL look a",
                        "MODEL_REQUEST test-model a");
    }

    @Test
    void theFirstInterceptorIsTheOutermostAndWhatItThrowsIsTheFailureOfTheCall() throws Exception {
        var order = new CopyOnWriteArrayList<String>();
        var agent = Agent.builder()
                .model(TestModel.of(calls("look"), says("done")))
                .tools(tool("look", context -> "ok"))
                .interceptor(named("outer", order, false))
                .interceptor(named("inner", order, true))
                .build();

        var output = agent.run("Hi");

        assertThat(order).containsSubsequence("outer", "inner");
        assertThat(output.tools()).singleElement().satisfies(call -> {
            assertThat(call.error()).isTrue();
            assertThat(call.result()).contains("not today");
        });
    }

    private static CallInterceptor named(String name, List<String> order, boolean refusesTools) {
        return new CallInterceptor() {
            @Override
            public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
                order.add(name);
                if (refusesTools && call.kind() == Kind.TOOL_CALL) {
                    throw new SecurityException("not today");
                }
                return code.call();
            }
        };
    }

    @Test
    void aListenerAndAnInterceptorOfAllRunsAreRemovedByTheirRegistrations() throws Exception {
        try (var runs = Runs.create()) {
            var recorder = new Recorder();
            var order = new CopyOnWriteArrayList<String>();
            var agent = Agent.builder()
                    .name("a")
                    .runs(runs)
                    .model(TestModel.of(says("one"), says("two")))
                    .build();
            try (var listening = runs.addListener(recorder);
                    var intercepting = runs.addInterceptor(named("all", order, false))) {
                Events.end(agent.start("Hi"));
                recorder.untilTheEnd();
                intercepting.close();
                listening.close();
            }
            var heard = List.copyOf(recorder.heard);

            var other = new Recorder();
            runs.addListener(other);
            Events.end(agent.start("Hi"));
            other.untilTheEnd();

            assertThat(heard).containsExactly("started a", "model COMPLETED", "ended a COMPLETED");
            runs.close();
            assertThat(recorder.heard).isEqualTo(heard);
            assertThat(order).containsExactly("all");
        }
    }

    @Test
    void aListenerOfOneRunsDoesNotDelayTheEndOfAnother() throws Exception {
        var blocks = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        try (var one = Runs.create();
                var other = Runs.create()) {
            one.addListener(new RunListener() {
                @Override
                public void runStarted(RunInfo run) {
                    reached.countDown();
                    try {
                        blocks.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            Events.end(Agent.builder()
                    .runs(one)
                    .model(TestModel.of(says("x")))
                    .build()
                    .start("Hi"));
            reached.await();
            Events.end(Agent.builder()
                    .runs(other)
                    .model(TestModel.of(says("x")))
                    .build()
                    .start("Hi"));

            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> other.close(Duration.ofMinutes(5)));
            blocks.countDown();
        }
    }

    @Test
    void anInterceptorThatCantBeMadeRefusesTheRun() {
        var agent = Agent.builder()
                .model(TestModel.of(says("done")))
                .interceptor(new CallInterceptor() {
                    @Override
                    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
                        return code.call();
                    }

                    @Override
                    public CallInterceptor forRun(RunInfo run) {
                        throw new IllegalStateException("no security context");
                    }
                })
                .build();

        assertThatThrownBy(() -> agent.run("Hi")).hasMessage("no security context");
    }
}
