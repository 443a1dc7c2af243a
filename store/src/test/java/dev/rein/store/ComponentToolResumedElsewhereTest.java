package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.Verdict;
import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.StopRunException;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** An agent that has asked another one by a tool goes on in a process that has only the rows. */
class ComponentToolResumedElsewhereTest extends TwoProcesses {
    private final List<String> booked = new CopyOnWriteArrayList<>();
    private boolean sequential;

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
                .tools(clerk.asTool(), new Others())
                .sequentialTools(sequential)
                .guardrails(Guardrail.of(
                        "secrets",
                        (text, _) -> text.text().contains("secret") ? Verdict.refuse("secret") : Verdict.pass(),
                        CheckPoint.TOOL_ARGUMENTS))
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

    /** Ends the run, or notes a text. */
    public final class Others {
        @Tool("Ends the run")
        public String stop() {
            throw new StopRunException("It is closed.");
        }

        @Tool("Notes a text")
        public String note(String text) {
            booked.add(text);
            return text;
        }
    }

    private static Script callsClerkAnd(String tool, String arguments) {
        return Script.empty()
                .thenToolCall("a", "clerk", "{\"input\": \"Book\"}")
                .thenToolCall("b", tool, arguments);
    }

    @Test
    void anExceptionThatEndsTheRunBesideTheChildEndsItInTheOtherProcess() throws Exception {
        var row = leave(
                other,
                caller(callsClerkAnd("stop", "{}"), Script.toolCall("book", "{}"))
                        .start("Go", SESSION));
        var output = caller(Script.text("never asked again"), Script.text("It is booked."))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.text()).as(output.toString()).isEqualTo("It is closed.");
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(booked).containsExactly("seat");
    }

    @Test
    void aCallThatAGuardrailHasRefusedIsNotMadeByTheOtherProcess() throws Exception {
        sequential = true;
        var row = leave(
                other,
                caller(callsClerkAnd("note", "{\"text\": \"secret\"}"), Script.toolCall("book", "{}"))
                        .start("Go", SESSION));
        var output = caller(Script.text("All done."), Script.text("It is booked."))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.text()).as(output.toString()).isEqualTo("All done.");
        assertThat(booked).containsExactly("seat");
        assertThat(output.tools())
                .anySatisfy(tool -> assertThat(tool.result()).startsWith("This call was not executed"));
    }
}
