package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is closed while runs are live ends them, and nothing of them is lost. */
class ClosedUnderRunsTest {
    private Path file;

    @BeforeEach
    void choose(@TempDir Path folder) {
        file = folder.resolve("rein.db");
    }

    public static final class Till {
        @Tool(value = "pays", requiresConfirmation = true)
        public String pay() {
            return "paid";
        }
    }

    @Test
    void aLiveRunIsStoppedAndStored() {
        var model = ScriptedModel.of(Script.text("Once upon a time").thenHang());
        var store = JdbcSessionStore.sqlite(file);
        var run =
                Agent.builder().name("Teller").model(model).store(store).build().start("Tell me a story");
        await().until(() -> !run.output().text().isEmpty());

        store.close();

        var ended = run.output();
        assertThat(ended.status()).isEqualTo(RunStatus.CANCELLED);
        try (var again = JdbcSessionStore.sqlite(file)) {
            var row = again.run(run.id()).orElseThrow();
            assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Objects.requireNonNull(row.cause()).kind()).isEqualTo(CancelKind.SHUTDOWN);
            assertThat(row.text()).isEqualTo(ended.text()).isNotEmpty();
        }
    }

    @Test
    void everyoneWhoClosesWaitsForTheSameEndAndNoInterruptIsLost() throws Exception {
        var store = JdbcSessionStore.sqlite(file);
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        store.beforeClose(() -> {
            reached.countDown();
            Uninterruptibly.await(release);
            store.close(); // what is closed by it does not wait for itself
        });
        var returned = new CountDownLatch(2);
        var keptFlag = new AtomicBoolean();
        var first = new Thread(() -> {
            Thread.currentThread().interrupt();
            store.close();
            keptFlag.set(Thread.interrupted());
            returned.countDown();
        });
        first.start();
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        var second = new Thread(() -> {
            store.close();
            returned.countDown();
        });
        second.start();
        await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
        assertThat(store.isClosed()).isFalse();
        assertThat(returned.getCount()).isEqualTo(2);
        release.countDown();
        assertThat(returned.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(store.isClosed()).isTrue();
        assertThat(keptFlag).isTrue();
        store.close();
    }

    /** An interrupt of the thread that closes must not end the wait either. */
    private static final class Uninterruptibly {
        private Uninterruptibly() {}

        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError("the thread that closes was interrupted", e);
            }
        }
    }

    @Test
    void aPausedRunStaysPausedAndOthersMayResumeIt() {
        var runId = "pays-1";
        try (var store = JdbcSessionStore.sqlite(file)) {
            var run = Agent.builder()
                    .name("Clerk")
                    .model(ScriptedModel.of(Script.toolCall("pay", "{}")))
                    .tools(new Till())
                    .store(store)
                    .build()
                    .start("Pay", RunOptions.defaults().runId(runId));
            await().until(() -> run.status() == RunStatus.PAUSED);
        }
        try (var again = JdbcSessionStore.sqlite(file)) {
            var row = again.run(runId).orElseThrow();
            assertThat(row.status()).isEqualTo(RunStatus.PAUSED);
            assertThat(row.owner()).isNull();
        }
    }

    @Test
    void otherStoresAndTheProcessGoOn(@TempDir Path elsewhere) {
        var model = ScriptedModel.of(Script.text("Once upon a time").thenHang());
        try (var other = JdbcSessionStore.sqlite(elsewhere.resolve("other.db"))) {
            var run = Agent.builder()
                    .name("Teller")
                    .model(model)
                    .store(other)
                    .build()
                    .start("Go");
            var store = JdbcSessionStore.sqlite(file);
            Agent.builder()
                    .name("Short")
                    .model(ScriptedModel.of("Hi"))
                    .store(store)
                    .build()
                    .run("Hi")
                    .orThrow();

            store.close();

            assertThat(run.status().isTerminal()).isFalse();
            assertThat(Runs.shared().healthy()).isTrue();
            run.cancel();
        }
    }
}
