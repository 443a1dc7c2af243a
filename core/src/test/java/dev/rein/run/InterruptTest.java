package dev.rein.run;

import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelKind;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupting a thread that waits for a run. */
class InterruptTest {
    private final Gate said = new Gate();
    private final TestModel model = TestModel.of((request, call) -> {
        call.text("a part");
        said.pass();
        return says().respond(request, call);
    });
    private final Agent agent = Agent.of(model, "");
    private final AtomicReference<RunOutput> output = new AtomicReference<>();
    private final AtomicReference<Boolean> flag = new AtomicReference<>();

    /** Runs code on a separate thread and interrupts it once the model has answered in part. */
    private void interrupt(boolean virtual, Supplier<RunOutput> code) throws InterruptedException {
        var builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        var thread = builder.start(() -> {
            output.set(code.get());
            flag.set(Thread.currentThread().isInterrupted());
        });
        said.awaitReached();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
    }

    private RunOutput seen() {
        var seen = output.get();
        assertThat(seen).isNotNull();
        return seen;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inRunItCancelsTheRunAndTheFlagIsSetAgain(boolean virtual) throws Exception {
        interrupt(virtual, () -> agent.run("Go"));
        assertThat(flag.get()).isTrue();
        assertThat(seen().isCancelled()).isTrue();
        assertThat(seen().stopTook()).isNotNull();
        assertThat(seen().cause()).isNotNull().satisfies(cause -> {
            assertThat(cause.kind()).isEqualTo(CancelKind.DISCONNECT);
            assertThat(cause.reason()).isEqualTo("the thread that waited in run() was interrupted");
        });
        assertThat(Runs.shared().find(seen().runId())).isEmpty();
    }

    @Test
    void inRunThatIsToGoOnItOnlyEndsTheWait() throws Exception {
        interrupt(true, () -> agent.run("Go", RunOptions.defaults().onDisconnect(DisconnectPolicy.CONTINUE)));
        assertThat(flag.get()).isTrue();
        assertThat(seen().status()).isEqualTo(RunStatus.RUNNING);
        var handle = Runs.shared().handle(seen().runId()).orElseThrow();
        handle.cancel();
        assertThat(Events.end(handle).isCancelled()).isTrue();
    }

    @Test
    void aThreadThatIsInterruptedBeforeItRunsIsNotKeptWaiting() throws Exception {
        var thread = Thread.ofVirtual().unstarted(() -> {
            Thread.currentThread().interrupt();
            output.set(agent.run("Go"));
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
        assertThat(flag.get()).isTrue();
        assertThat(seen().isCancelled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheIteratorItEndsTheIterationAndCancelsTheRun(boolean virtual) throws Exception {
        interrupt(virtual, () -> {
            try (var stream = agent.stream("Go")) {
                Events.rest(stream);
                return stream.output();
            }
        });
        assertThat(flag.get()).isTrue();
        assertThat(seen().isCancelled()).isTrue();
        assertThat(seen().text()).isEqualTo("a part");
        assertThat(seen().stopTook()).as("it has ended").isNotNull();
        assertThat(seen().cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.kind()).isEqualTo(CancelKind.DISCONNECT));
    }

    @Test
    void inAwaitItOnlyEndsTheWait() throws Exception {
        var run = Agent.of(TestModel.of(hangs()), "").start("Go");
        var caught = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                run.await();
            } catch (InterruptedException e) {
                caught.set(e);
            }
        });
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
        assertThat(caught.get()).isInstanceOf(InterruptedException.class);
        assertThat(run.output().cause()).isNull();
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        run.cancel();
        Events.end(run);
    }

    @Test
    void awaitWithATimeLimitLeavesTheRunAlone() throws Exception {
        var run = Agent.of(TestModel.of(hangs()), "").start("Go");
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> run.await(Duration.ofMillis(50)))
                .withMessageContaining(run.id())
                .withMessageContaining("it goes on");
        assertThat(run.output().cause()).isNull();
        run.cancel();
        Events.end(run);
    }
}
