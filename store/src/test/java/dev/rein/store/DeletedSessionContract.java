package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.SessionQuery;
import dev.rein.session.SharedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that another process deletes while a run of this one is in it. The other is played by a second store. */
abstract class DeletedSessionContract {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");

    private SharedStore store;
    private SharedStore other;

    abstract SharedStore open();

    @BeforeEach
    void openBoth() {
        store = open();
        other = open();
    }

    @AfterEach
    void closeBoth() {
        store.close();
        other.close();
    }

    @Test
    void aRunInASessionThatAnotherProcessDeletesIsStoppedAndNothingComesBack() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var run = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofSeconds(20))
                .build()
                .start("Tell me", SESSION);
        model.awaitWaiting(1);
        assertThat(other.delete(List.of("s"))).isEqualTo(1);
        var output = run.await(Duration.ofSeconds(30));
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause()).isNotNull();
        assertThat(output.cause().reason()).contains("session s was deleted");
        assertThat(output.stored()).isFalse();
        assertNothingIsLeft(run.id());
    }

    /** The process of the run has not heard of it yet. */
    @Test
    void anEndThatComesBeforeTheStopBringsNothingBack() throws Exception {
        var deleted = new CountDownLatch(1);
        var model = ScriptedModel.of(Script.toolCall("hold", "{}"), Script.text("Done."));
        var run = Agent.builder()
                .model(model)
                .tools(new Waiting(deleted))
                .store(store)
                .storeWait(Duration.ofSeconds(20))
                .build()
                .start("Tell me", SESSION);
        await().until(() -> other.run(run.id()).isPresent());
        other.delete(List.of("s"));
        deleted.countDown();
        var output = run.await(Duration.ofSeconds(30));
        assertThat(output.status().isTerminal()).isTrue();
        assertThat(output.stored()).isFalse();
        assertNothingIsLeft(run.id());
    }

    private void assertNothingIsLeft(String runId) {
        assertThat(other.session("s")).isEmpty();
        assertThat(other.run(runId)).isEmpty();
        assertThat(other.events(runId, -1, 10)).isEmpty();
        assertThat(other.sessions(SessionQuery.all()).total()).isZero();
    }

    /** A tool that waits. */
    public static final class Waiting {
        private final CountDownLatch end;

        Waiting(CountDownLatch end) {
            this.end = end;
        }

        @Tool("Waits")
        public String hold() throws InterruptedException {
            end.await();
            return "waited";
        }
    }
}
