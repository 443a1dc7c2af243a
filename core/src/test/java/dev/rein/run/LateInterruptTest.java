package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.ProcessEnvironment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code that was waiting in Rein when its interrupt fell due, and waits by itself afterwards, is interrupted then. */
@Timeout(60)
class LateInterruptTest {
    private static final CancelRequest PATIENT = CancelRequest.now().grace(Duration.ofHours(1));

    /** By now the interrupt of a stop that came before is due, 50 ms after it: timers fire in their order. */
    private static void outlastTheBackstop() throws InterruptedException {
        var passed = new CountDownLatch(1);
        var _ = ProcessEnvironment.shared().timers().after(Duration.ofMillis(300), passed::countDown);
        assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void afterTheRunOfAnAgentThatCleansUp() throws Exception {
        var cleanup = new Gate();
        var model = TestModel.of(hangs());
        var inner = Agent.builder()
                .name("inner")
                .model(model)
                .onCancel((context, cause) -> cleanup.passDeaf())
                .build();
        var interrupted = new AtomicBoolean();
        var run = Agent.builder()
                .name("outer")
                .model(TestModel.of(calls("ask"), says("never")))
                .tools(tool("ask", context -> {
                    inner.run("Go");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                    return "x";
                }))
                .build()
                .start("Go");
        model.awaitRequests(1);
        run.cancel(PATIENT);
        cleanup.awaitReached();
        outlastTheBackstop();
        cleanup.open();
        assertThat(Events.end(run).abandoned()).isEmpty();
        assertThat(interrupted).isTrue();
    }

    @Test
    void afterAnAborterThatTookItsTime() throws Exception {
        var aborting = new Gate();
        var query = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(calls("query"), says("never")))
                .tools(tool("query", context -> {
                    try (var abort = context.cancellation().onCancel(() -> {
                        query.open();
                        aborting.passDeaf();
                    })) {
                        query.passDeaf();
                    }
                    new CountDownLatch(1).await();
                    return "x";
                }))
                .build()
                .start("Go");
        query.awaitReached();
        run.cancel(PATIENT);
        aborting.awaitReached();
        outlastTheBackstop();
        aborting.open();
        assertThat(Events.end(run).abandoned()).isEmpty();
    }
}
