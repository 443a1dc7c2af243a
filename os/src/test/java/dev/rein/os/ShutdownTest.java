package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;

/** What clients see of a server that ends. */
class ShutdownTest {
    private final ScriptedModel model = ScriptedModel.of(Script.text("Once ").thenHang());

    /** More than once: a server that is quicker than its last event is not so every time. */
    @RepeatedTest(10)
    void aStreamEndsWithItsLastEvent() throws Exception {
        var os = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .agents(Agent.builder().name("Writer").model(model).build())
                .drain(Duration.ZERO)
                .build()
                .start();
        var http = new Http(os);
        var answer = CompletableFuture.supplyAsync(() -> http.post("/agents/writer/runs", "message", "hi"));
        model.awaitWaiting(1);
        os.close();
        assertThat(answer.get(10, TimeUnit.SECONDS).events()).endsWith("RunCancelled", "RunCompleted");
    }
}
