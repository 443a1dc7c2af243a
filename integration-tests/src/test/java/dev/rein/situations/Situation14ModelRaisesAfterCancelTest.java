package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelledException;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Situation14ModelRaisesAfterCancelTest {
    private final InMemorySessionStore store = new InMemorySessionStore();

    /** What may come out of a call whose connection is torn. */
    enum Raised {
        MODEL_EXCEPTION(() -> new ModelException(ModelException.Kind.CONNECTION, "the connection is gone")),
        RUNTIME_EXCEPTION(() -> new IllegalStateException("the stream is closed")),
        ERROR(() -> new AssertionError("this can't be")),
        CHECKED_EXCEPTION(() -> new IOException("closed")),
        INTERRUPTED(() -> new InterruptedException("interrupted")),
        CANCELLED_OF_ANOTHER_RUN(() -> new CancelledException(
                "another run", new CancelCause(CancelKind.BUDGET, "its own", null, Instant.EPOCH)));

        private final Supplier<Throwable> maker;

        Raised(Supplier<Throwable> maker) {
            this.maker = maker;
        }

        ModelResponse raise() {
            throw Raised.<RuntimeException>asUnchecked(maker.get());
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> T asUnchecked(Throwable throwable) throws T {
            throw (T) throwable;
        }
    }

    static Stream<Arguments> raised() {
        return Stream.of(Raised.values())
                .flatMap(raised -> Stream.of(Form.values()).map(form -> Arguments.of(raised, form)));
    }

    @ParameterizedTest
    @MethodSource("raised")
    void whateverTheModelRaisesRightAfterTheCancelTheRunIsCancelled(Raised raised, Form form) {
        var raising = new Gate();
        var model = ScriptedModel.create().answerWith((_, call) -> {
            call.text("half an ans");
            raising.passDeaf();
            return raised.raise();
        });
        var run = form.start(
                Agent.builder()
                        .model(model)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build(),
                "Go");
        raising.awaitArrival();

        run.cancel();
        raising.open();

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.failure()).isNull();
        assertThat(output.cause()).extracting("kind").isEqualTo(CancelKind.USER);
        assertThat(output.text()).isEqualTo("half an ans");
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    /** Whoever comes first wins; all that counts is that the run says one thing, and that nothing is tried again. */
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void theServerResetsTheConnectionInTheSameMoment(Api api, Form form) throws InterruptedException {
        try (var provider = FakeProvider.start()) {
            for (var i = 0; i < 10; i++) {
                provider.enqueue(Script.text("half an ans").thenHang().thenReset());
                var run = form.start(
                        Agent.builder()
                                .model(api.at(provider))
                                .store(store)
                                .storeWait(Waiting.LONG)
                                .build(),
                        "Go");
                var exchange = provider.awaitRequest(i + 1).awaitHanging();

                var reset = Thread.ofPlatform().start(exchange::release);
                var told = run.cancel();
                reset.join();

                var output = RunInvariants.check(run, store);
                assertThat(output.isCancelled())
                        .as("told %s, it is %s", told, output.failure())
                        .isEqualTo(told.effective());
                assertThat(output.isCompleted()).isFalse();
            }
            assertThat(provider.requestCount()).isEqualTo(10);
        }
    }
}
