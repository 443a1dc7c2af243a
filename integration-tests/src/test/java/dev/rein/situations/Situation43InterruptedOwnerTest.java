package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunStream;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation43InterruptedOwnerTest {
    private final ScriptedModel model =
            ScriptedModel.of(Script.text("Once upon a time").hangAfter(2));
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final RunOptions options =
            RunOptions.defaults().runId(UUID.randomUUID().toString());

    /** What an owner's thread came back with, and whether it was still interrupted then. */
    private record Back<T>(T value, boolean interrupted) {}

    /** Whoever owns a run, on a thread of its own. */
    private static final class Owner<T> {
        private final CompletableFuture<Back<T>> back = new CompletableFuture<>();
        private final Thread thread;

        Owner(Thread.Builder kind, Callable<T> code) {
            thread = kind.start(() -> {
                try {
                    var value = code.call();
                    back.complete(new Back<>(value, Thread.currentThread().isInterrupted()));
                } catch (Throwable e) {
                    back.completeExceptionally(e);
                }
            });
        }

        void interrupt() {
            thread.interrupt();
        }

        Back<T> back() {
            assertThat(back).succeedsWithin(Waiting.LONG);
            return back.join();
        }
    }

    static Stream<Arguments> kindsOfThread() {
        return Stream.of(
                Arguments.of(Thread.ofPlatform().name("platform owner")),
                Arguments.of(Thread.ofVirtual().name("virtual owner")));
    }

    private AgentBuilder agent() {
        return Agent.builder().model(model).store(store).storeWait(Waiting.LONG);
    }

    private void assertDisconnected(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        assertThat(output.text()).isEqualTo("Once upon");
        assertThat(output.abandoned()).isEmpty();
        assertThat(store.run(output.runId()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Runs.shared().find(output.runId())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void interruptedInRunItReturnsTheCancelledOutputAndIsStillInterrupted(Thread.Builder kind) {
        var agent = agent().build();
        var owner = new Owner<>(kind, () -> agent.run("Go"));
        model.awaitWaiting(1);

        owner.interrupt();

        assertDisconnected(owner.back().value());
        assertThat(owner.back().interrupted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void interruptedInTheIteratorTheIterationEndsAndItIsStillInterrupted(Thread.Builder kind) {
        var agent = agent().build();
        var owner = new Owner<>(kind, () -> {
            try (var stream = agent.stream("Go")) {
                stream.forEach(_ -> {});
                return stream.output();
            }
        });
        model.awaitWaiting(1);

        owner.interrupt();

        assertDisconnected(owner.back().value());
        assertThat(owner.back().interrupted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void interruptedBeforeItCallsRunItIsAsIfItHadBeenInterruptedInIt(Thread.Builder kind) {
        var agent = agent().model(ScriptedModel.create().waitsForever()).build();
        var owner = new Owner<>(kind, () -> {
            Thread.currentThread().interrupt();
            return agent.run("Go");
        });

        var output = owner.back().value();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
        assertThat(owner.back().interrupted()).isTrue();
        assertThat(store.run(output.runId()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void interruptedInAwaitOnlyTheWaitEnds(Thread.Builder kind) throws Exception {
        var run = agent().build().start("Go");
        var owner = new Owner<>(kind, () -> {
            try {
                run.await();
                return "waited";
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        model.awaitWaiting(1);

        owner.interrupt();
        assertThat(owner.back().value()).isEqualTo("interrupted");
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        model.release();

        assertThat(run.await(Waiting.LONG).text()).isEqualTo("Once upon a time");
    }

    @Test
    void interruptedInAnotherSubscribersIteratorOnlyThatEnds() throws Exception {
        var run = agent().build().start("Go");
        var reader = new Owner<>(Thread.ofVirtual(), () -> {
            run.events().forEach(_ -> {});
            return "ended";
        });
        model.awaitWaiting(1);

        reader.interrupt();
        assertThat(reader.back().value()).isEqualTo("ended");
        assertThat(reader.back().interrupted()).isTrue();
        model.release();

        assertThat(run.await(Waiting.LONG).isCompleted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void aPolicyThatLetsTheRunGoOnIsHeard(Thread.Builder kind) {
        var agent = agent().build();
        var goOn = options.onDisconnect(DisconnectPolicy.CONTINUE);
        var owner = new Owner<>(kind, () -> agent.run("Go", goOn));
        model.awaitWaiting(1);
        var handle =
                Runs.shared().handle(Objects.requireNonNull(options.runId())).orElseThrow();

        owner.interrupt();
        assertThat(owner.back().value().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(owner.back().interrupted()).isTrue();
        model.release();

        Waiting.until("the end", () -> handle.status() == RunStatus.COMPLETED);
        assertThat(handle.output().text()).isEqualTo("Once upon a time");
    }

    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void aPolicyThatGivesTheOwnerTimeToComeBackIsHeard(Thread.Builder kind) {
        var agent = agent().build();
        var later = options.onDisconnect(DisconnectPolicy.cancelAfter(Duration.ofMillis(100)));
        var owner = new Owner<>(kind, () -> agent.run("Go", later));
        model.awaitWaiting(1);
        var handle =
                Runs.shared().handle(Objects.requireNonNull(options.runId())).orElseThrow();

        owner.interrupt();
        owner.back();

        Waiting.until("the end", () -> handle.output().status().isTerminal());
        assertDisconnected(handle.output());
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedOwnerClosesTheProvidersConnection(Api api) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("Once upon a time").hangAfter(2));
            var agent = agent().model(api.at(provider)).build();
            var owner = new Owner<>(Thread.ofPlatform(), () -> agent.run("Go", options));
            var exchange = provider.awaitRequest(1).awaitHanging();
            Waiting.until(
                    "the text",
                    () -> Runs.shared()
                            .handle(Objects.requireNonNull(options.runId()))
                            .orElseThrow()
                            .output()
                            .text()
                            .equals("Once upon"));

            owner.interrupt();

            assertDisconnected(owner.back().value());
            exchange.awaitClosed(Waiting.SOON);
        }
    }

    /** Three of the programs that people know leave their loop like this. */
    @Test
    void leavingTheLoopIsADisconnectAndCloseWaitsUntilTheEndIsStored() {
        RunStream left;
        var seen = new ArrayList<String>();
        try (var stream = agent().build().stream("Go")) {
            left = stream;
            for (var event : stream) {
                if (event instanceof RunContent content) {
                    seen.add(content.content());
                    if (seen.size() == 2) {
                        break;
                    }
                }
            }
        }

        assertThat(seen).containsExactly("Once", " upon");
        assertDisconnected(left.output());
    }
}
