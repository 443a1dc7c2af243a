package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ToolCall;
import dev.rein.runtime.RunHandle;
import dev.rein.session.InMemorySessionStore;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The code of a tool asks people in the middle of its call. */
class QuestionDuringCallTest {
    private static final Duration LIMIT = Duration.ofMillis(500);

    private static JsonNode schema() throws Exception {
        return new ObjectMapper().readTree("""
                {"type":"object","properties":{"seats":{"type":"integer","minimum":1},"name":{"type":"string"}},"required":["seats"]}""");
    }

    private static Agent agent(InMemorySessionStore store, ToolSpec... tools) {
        return Agent.builder()
                .name("Asker")
                .store(store)
                .model(TestModel.of(
                        calls(List.of(tools).stream()
                                .map(tool -> new ToolCall("c-" + tool.name(), tool.name(), "{}"))
                                .toArray(ToolCall[]::new)),
                        says("Done.")))
                .tools((Object[]) tools)
                .build();
    }

    private static ToolSpec asking(Question question) {
        return TestTools.tool("book", context -> {
            var decision = context.ask(question);
            return decision.action() + " " + decision.values() + " " + decision.note();
        });
    }

    @Test
    void theRunPausesWithTheQuestionAndTheCallGoesOnWithTheAnswer() throws Exception {
        var store = new InMemorySessionStore();
        // A time limit of the call stands still in the pause.
        var agent = agent(store, asking(Question.input("How many?", schema())).withTimeout(LIMIT));
        var run = agent.start("Book a table");
        var events = Events.of(run);
        var paused = Events.rested(run);
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
        assertThat(Events.names(events)).endsWith("ToolCallStarted", "RunPaused");
        var asked = paused.requirements().getFirst();
        assertThat(asked.message()).isEqualTo("How many?");
        assertThat(asked.fields()).containsExactly("seats", "name");
        assertThat(asked.schema()).isEqualTo(schema());
        assertThat(Objects.requireNonNull(asked.tool()).toolCallId()).isEqualTo("c-book");
        // It rests before it is stored.
        await().until(() -> store.run(run.id()).orElseThrow().pause(), Objects::nonNull);
        assertThat(store.run(run.id()).orElseThrow().pause().obstacle())
                .contains("tool book asks in the middle of its call");
        // Another call with the same limit, which begins now, is over before the question is answered.
        Events.rested(agent(
                        new InMemorySessionStore(),
                        TestTools.waits("slow", new Gate()).withTimeout(LIMIT))
                .start("go"));

        for (var wrong : List.<Map<String, Object>>of(
                Map.of(), Map.of("seats", "many"), Map.of("seats", 0), Map.of("name", "Odile"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> agent.continueRun(run.id(), Decision.input(asked.id(), wrong)))
                    .withMessageContaining("seats");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.continueRun(run.id(), Decision.confirm(asked.id())));

        var output = Events.end(agent.continueRun(run.id(), Decision.input(asked.id(), Map.of("seats", "4"))));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.tools().getFirst().result()).isEqualTo("INPUT {seats=4} null");
        assertThat(Objects.requireNonNull(output.tools().getFirst().decision()).values())
                .containsEntry("seats", "4");
    }

    @Test
    void aRejectionIsADecisionForTheTool() {
        var agent = agent(new InMemorySessionStore(), asking(Question.confirm("Really?")));
        var paused = Events.rested(agent.start("go"));
        var id = paused.requirements().getFirst().id();
        var output = Events.rested(agent.continueRun(paused.runId(), Decision.reject(id, "too dear")));
        assertThat(output.tools().getFirst().result()).isEqualTo("REJECT {} too dear");
    }

    @Test
    void otherCallsOfTheTurnEndBeforeTheRunIsPaused() throws Exception {
        var gate = new Gate();
        var agent =
                agent(new InMemorySessionStore(), asking(Question.confirm("Really?")), TestTools.waits("slow", gate));
        var run = agent.start("go");
        gate.awaitReached();
        await().until(() -> !run.output().requirements().isEmpty());
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        gate.open();
        var paused = Events.rested(run);
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
        var decision = Decision.confirm(paused.requirements().getFirst().id());
        assertThat(Events.rested(agent.continueRun(run.id(), decision)).status())
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void twoQuestionsOfOneCallAreAnsweredOneByOne() throws Exception {
        var tool = TestTools.tool("book", context -> {
            var second = new AtomicReference<Decision>();
            var thread = Thread.ofVirtual()
                    .start(context.wrap(() -> second.set(context.ask(Question.confirm("And wine?")))));
            var first = context.ask(Question.confirm("A table?"));
            thread.join();
            return first.action() + " " + second.get().action();
        });
        var agent = agent(new InMemorySessionStore(), tool);
        var run = agent.start("go");
        await().until(() -> run.output().requirements().size() == 2);
        for (var asked : Events.rested(run).requirements()) {
            agent.continueRun(
                    run.id(),
                    asked.message().equals("A table?") ? Decision.confirm(asked.id()) : Decision.reject(asked.id()));
        }
        await().until(() -> run.status() == RunStatus.COMPLETED);
        assertThat(run.output().tools().getFirst().result()).isEqualTo("CONFIRM REJECT");
    }

    @Test
    void aStopEndsTheWaitAtOnceAndALaterAnswerIsRefused() throws Exception {
        var ended = new CountDownLatch(1);
        var tool = TestTools.tool("book", context -> {
            try {
                return context.ask(Question.confirm("Really?")).action();
            } finally {
                ended.countDown();
            }
        });
        var agent = agent(new InMemorySessionStore(), tool);
        var run = agent.start("go");
        var id = Events.rested(run).requirements().getFirst().id();
        run.cancel(CancelRequest.now());
        ended.await();
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.abandoned()).isEmpty();
        assertThatThrownBy(() -> agent.continueRun(run.id(), Decision.confirm(id)))
                .isInstanceOf(RunRejectedException.class);
    }

    /** A value of the user's, whose code takes its time. */
    public record Slow(Gate gate) {
        public int getSeats() throws InterruptedException {
            gate.pass();
            return 4;
        }
    }

    @Test
    void aStopDoesNotWaitForTheCodeOfADecisionsValues() throws Exception {
        var agent = agent(new InMemorySessionStore(), asking(Question.input("How many?", schema())));
        var run = agent.start("go");
        var id = Events.rested(run).requirements().getFirst().id();
        var gate = new Gate();
        var refused = new CompletableFuture<Void>();
        var decider = Thread.ofVirtual().start(() -> {
            try {
                agent.continueRun(run.id(), Decision.input(id, Map.of("seats", new Slow(gate))));
                refused.complete(null);
            } catch (Throwable e) {
                refused.completeExceptionally(e);
            }
        });
        gate.awaitReached();
        var stopper = Thread.ofVirtual().start(run::cancel);
        assertThat(stopper.join(Duration.ofSeconds(20))).isTrue();
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.CANCELLED);
        gate.open();
        decider.join();
        assertThat(refused).isCompletedExceptionally();
    }

    @Test
    void aCallThatIsOverAsksNobody() throws Exception {
        var over = new AtomicReference<RunContext>();
        var gate = new Gate();
        var first = TestTools.tool("book", context -> {
            over.set(context);
            return "booked";
        });
        var run = agent(new InMemorySessionStore(), first, TestTools.waits("slow", gate))
                .start("go");
        gate.awaitReached();
        await().until(() -> run.output().tools().getFirst().result() != null);
        var thrown = new CompletableFuture<Throwable>();
        var late = Thread.ofVirtual().start(() -> {
            try {
                over.get().ask(Question.confirm("Really?"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        late.join();
        assertThat(thrown.join()).isInstanceOf(IllegalStateException.class).hasMessageContaining("call is over");
        gate.open();
        assertThat(Events.rested(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.output().tools().getFirst().result()).isEqualTo("booked");
    }

    @Test
    void theEndOfACallEndsTheQuestionsOfItsOtherThreads() throws Exception {
        var thrown = new CompletableFuture<Throwable>();
        var started = new CompletableFuture<RunHandle>();
        var tool = TestTools.tool("book", context -> {
            Thread.ofVirtual().start(() -> {
                try {
                    context.ask(Question.confirm("Really?"));
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            var run = started.get();
            await().until(() -> !run.output().requirements().isEmpty());
            return "booked";
        });
        started.complete(agent(new InMemorySessionStore(), tool).start("go"));
        var run = started.join();
        assertThat(thrown.get(20, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call is over");
        await().until(() -> run.status() == RunStatus.COMPLETED);
        assertThat(run.output().requirements()).isEmpty();
        assertThat(run.output().tools().getFirst().result()).isEqualTo("booked");
    }

    @Test
    void outsideOfAToolThereIsNobodyToAsk() {
        var agent = Agent.builder()
                .model(TestModel.of(says("Done.")))
                .before("asks", (input, context) -> {
                    context.ask(Question.confirm("Really?"));
                    return input;
                })
                .build();
        var output = Events.rested(agent.start("go"));
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).describe()).contains("ask from the code of a tool");
    }
}
