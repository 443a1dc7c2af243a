package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** An agent that has asked another one by a tool goes on in a process that has only the rows. */
class ComponentToolResumedElsewhereTest extends TwoProcesses {
    private final List<String> booked = new CopyOnWriteArrayList<>();

    /** Books; people are asked before. */
    public final class Booking {
        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book() {
            booked.add("seat");
            return "booked";
        }
    }

    private Agent caller(Script own, Script inner) {
        var clerk = Agent.builder()
                .name("Clerk")
                .model(ScriptedModel.of(inner))
                .tools(new Booking())
                .build();
        return Agent.builder()
                .name("Caller")
                .model(ScriptedModel.of(own))
                .tools(clerk.asTool())
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
    }

    @Test
    void theChildGoesOnWhereItWaits() throws Exception {
        var row = leave(
                other,
                caller(Script.toolCall("clerk", "{\"input\": \"Book\"}"), Script.toolCall("book", "{}"))
                        .start("Go", SESSION));
        var output = caller(Script.text("All done."), Script.text("It is booked."))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("All done.");
        assertThat(output.tools().getFirst().result()).isEqualTo("It is booked.");
        assertThat(booked).containsExactly("seat");
    }
}
