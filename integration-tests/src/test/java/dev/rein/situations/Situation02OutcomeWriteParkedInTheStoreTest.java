package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.ScriptedModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation02OutcomeWriteParkedInTheStoreTest {
    private final InterceptedStore<SessionStore> store = InterceptedStore.inMemory();
    private final ScriptedModel model = ScriptedModel.create();

    private AgentBuilder agent() {
        return Agent.builder().model(model).store(store.store());
    }

    @ParameterizedTest
    @EnumSource
    void cancelWhileACompletionIsWrittenComesTooLate(Form form) throws Exception {
        model.answer("done");
        var parked = store.park("finish");
        var run = form.start(agent().storeWait(Waiting.LONG).build(), "Go");
        parked.awaitCall();

        var late = run.cancel();
        assertThat(late.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(late.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.isOver()).as("the end is not seen before it is stored").isFalse();
        assertThat(run.events(RunCompleted.class)).isEmpty();
        assertThat(run.handle().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.handle().output().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(Runs.shared().find(run.id()).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        parked.open();

        var output = RunInvariants.check(run, store.target());
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.stored()).isTrue();
        assertThat(output.cause()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void cancelWhileACancellationIsWrittenChangesNothing(Form form) throws Exception {
        model.waitsForever();
        var parked = store.park("finish");
        var run = form.start(agent().storeWait(Waiting.LONG).build(), "Go");
        model.awaitWaiting(1);
        assertThat(run.cancel(CancelRequest.now().reason("first")).outcome()).isEqualTo(Outcome.REQUESTED);
        parked.awaitCall();

        var late = run.cancel(CancelRequest.now().reason("second"));
        assertThat(late.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(late.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.handle().status()).as("seen once it is stored").isEqualTo(RunStatus.CANCELLING);
        parked.open();

        var output = RunInvariants.checkCancelled(run, store.target());
        assertThat(output.cause()).extracting("reason").isEqualTo("first");
        assertThat(output.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatDoesNotAnswerHoldsTheEndUpForAMomentOnlyAndTheEventSaysSo(Form form) throws Exception {
        model.answer("done");
        var parked = store.park("finish");
        var run = form.start(agent().build(), "Go");
        parked.awaitCall();
        assertThat(run.cancel().outcome()).isEqualTo(Outcome.ALREADY_FINISHED);

        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.stored()).isFalse();
        run.events(RunCompleted.class)
                .forEach(event -> assertThat(event.stored()).isFalse());
        parked.open();

        RunInvariants.check(run, store.target());
    }

    @ParameterizedTest
    @EnumSource
    void theRunStopsWhileItsStoreIsDownAndTheRowIsWrittenWhenThatIsBack(Form form) {
        model.waitsForever();
        var run = form.start(agent().build(), "Go");
        model.awaitWaiting(1);
        store.fail(() -> new IllegalStateException("the store is down"), "save", "finish");

        assertThat(run.cancel().outcome()).isEqualTo(Outcome.REQUESTED);
        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).isFalse();
        run.events(RunCancelled.class)
                .forEach(event -> assertThat(event.stored()).isFalse());
        store.pass();

        RunInvariants.checkCancelled(run, store.target());
    }

    @Test
    void theLastEventIsNotSeenBeforeTheRowIsWritten() {
        model.waitsForever();
        var run = Form.STREAM.start(agent().storeWait(Waiting.LONG).build(), "Go");
        model.awaitWaiting(1);
        run.cancel();
        run.end();

        assertThat(run.awaitEvent(RunCancelled.class).stored()).isTrue();
        assertThat(store.calls("finish")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void cancelWhileTheFirstRowIsWrittenLeavesNothingToStart(Form form) throws Exception {
        model.answer("never asked for");
        var parked = store.park("insert");
        var id = "cancelled while its row was written, " + form;
        var starting = background(
                () -> form.start(agent().build(), "Go", RunOptions.defaults().runId(id)));
        parked.awaitCall();

        assertThat(Runs.shared().cancel(id, CancelRequest.now()).outcome()).isEqualTo(Outcome.REQUESTED);
        parked.open();

        var run = starting.orTimeout(20, TimeUnit.SECONDS).join();
        RunInvariants.checkCancelled(run, store.target());
        assertThat(model.callsStarted()).isZero();
    }

    private static <T> CompletableFuture<T> background(Supplier<T> code) {
        var result = new CompletableFuture<T>();
        Executors.defaultThreadFactory()
                .newThread(() -> {
                    try {
                        result.complete(code.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(new CompletionException(e));
                    }
                })
                .start();
        return result;
    }
}
