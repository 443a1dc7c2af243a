package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.run.event.CustomEvent;
import dev.rein.runtime.RunOptions;
import dev.rein.session.SharedStore;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run whose state a database can't hold is no harm to others that are written with it. */
@Timeout(120)
class UnstorableRunTest extends TwoProcesses {

    /** Does what the runs need. */
    public static final class Work {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch writing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final CountDownLatch emitted = new CountDownLatch(1);
        private final CountDownLatch ends = new CountDownLatch(1);

        @Tool("Reports its progress")
        public String work(RunContext context) throws InterruptedException {
            begun.countDown();
            goOn.await();
            for (var i = 0; i < 20; i++) {
                context.emit("tick", Map.of("i", i));
            }
            emitted.countDown();
            ends.await();
            return "done";
        }

        @Tool("Connects")
        public String connect(RunContext context) throws InterruptedException {
            writing.await();
            context.sessionState().put("connection", new Object());
            return "connected";
        }

        @Tool(value = "Pays", requiresConfirmation = true)
        public String pay() {
            return "paid";
        }
    }

    @Test
    void oneRunThatCannotBeStoredLosesNoEventsOfOthers() throws Exception {
        var intercepted = InterceptedStore.of(SharedStore.class, store);
        var work = new Work();
        var good = Agent.builder()
                .name("Good")
                .model(ScriptedModel.of(Script.toolCall("work", "{}")).answer("done"))
                .tools(work)
                .store(intercepted.store())
                .build()
                .start("Go", SESSION);
        work.begun.await();
        var isRefused = new AtomicBoolean();
        var goOn = new CountDownLatch(1);
        intercepted.on("save", call -> {
            work.writing.countDown();
            goOn.await();
            try {
                return call.proceed();
            } catch (IllegalArgumentException e) {
                isRefused.set(true);
                throw e;
            }
        });
        var bad = Agent.builder()
                .name("Bad")
                .model(ScriptedModel.of(Script.toolCall("connect", "{}"), Script.toolCall("pay", "{}")))
                .tools(work)
                .store(intercepted.store())
                .build()
                .start("Go", RunOptions.defaults().sessionId("other"));
        assertThat(bad.await(LONG).status()).isEqualTo(RunStatus.PAUSED);
        // All that comes now is written together, when the write that is going on has ended.
        work.goOn.countDown();
        work.emitted.await();
        goOn.countDown();
        await().atMost(LONG).until(isRefused::get);
        work.ends.countDown();
        assertThat(good.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        await().atMost(LONG).until(() -> other.run(good.id()).orElseThrow().status() == RunStatus.COMPLETED);
        assertThat(other.events(good.id(), -1, 1_000))
                .filteredOn(CustomEvent.class::isInstance)
                .as("its own events")
                .hasSize(20);
        bad.cancel();
        bad.await(LONG);
    }
}
