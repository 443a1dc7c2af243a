package dev.rein.guardrail;

import static dev.rein.agent.TestModel.says;
import static dev.rein.guardrail.CheckPoint.TOOL_ARGUMENTS;
import static dev.rein.guardrail.CheckPoint.TOOL_RESULT;
import static dev.rein.guardrail.Checks.refusing;
import static dev.rein.guardrail.Checks.replacing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.ToolCall;
import dev.rein.run.Decision;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.tool.StopRunException;
import dev.rein.tool.ToolFunction;
import dev.rein.tool.ToolSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ToolGuardrailTest {
    private static final String WORD = "zanzibar";

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private TestModel model = model();

    private static TestModel model() {
        return TestModel.of(
                TestModel.calls(new ToolCall("c1", "echo", "{\"text\":\"I live in \\u007aanzibar\"}")), says("Done"));
    }

    private static ToolSpec tool(ToolFunction function) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties").putObject("text").put("type", "string");
        return ToolSpec.of("echo", "Says it again", schema, function);
    }

    private AgentBuilder agent() {
        return agent((arguments, _) -> {
            received.add(arguments.path("text").asText());
            return arguments.path("text").asText();
        });
    }

    private AgentBuilder agent(ToolFunction function) {
        model = model();
        return Agent.builder().model(model).store(store).tools(tool(function));
    }

    private String visible(dev.rein.runtime.RunHandle run) throws Exception {
        var output = Events.end(run);
        return output.tools() + " " + output.messages() + " " + Events.of(run) + store.runs("s") + output.failure()
                + model.requests();
    }

    @Test
    void theRewrittenArgumentsAreAllThatIsSeen() throws Exception {
        var run = agent().guardrails(replacing(WORD, "***", TOOL_ARGUMENTS))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(received).containsExactly("I live in ***");
        assertThat(visible(run)).doesNotContain(WORD, "u007a").contains("I live in ***");
    }

    @Test
    void aRefusedCallIsAnsweredWithASentence() throws Exception {
        var run = agent().guardrails(refusing(WORD, TOOL_ARGUMENTS))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(Events.end(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(received).isEmpty();
        assertThat(model.told(1).content()).contains("not executed", "the word is not allowed");
        assertThat(visible(run)).doesNotContain(WORD, "u007a");
    }

    @Test
    void theMessagesOfErrorsAreCheckedToo() throws Exception {
        var run = agent((_, _) -> {
                    throw new AssertionError("not in " + WORD);
                })
                .guardrails(replacing(WORD, "***", TOOL_RESULT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(model.told(1).content()).contains("not in ***").doesNotContain(WORD);
    }

    @Test
    void aRefusalCanEndTheRun() throws Exception {
        for (var point : List.of(TOOL_ARGUMENTS, TOOL_RESULT)) {
            var run = agent().guardrails(refusing(WORD, point).endingRun())
                    .build()
                    .start("Hi");
            var output = Events.end(run);

            assertThat(output.status()).isEqualTo(RunStatus.ERROR);
            assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
            assertThat(output.failure().type()).isEqualTo("ToolCheckError");
            assertThat(output.messages().getLast().role().name()).isEqualTo("ASSISTANT");
        }
    }

    @Test
    void argumentsThatAreRewrittenToSomethingElseThanJsonAreRefused() throws Exception {
        var output = agent().guardrails(Guardrail.of("breaks", (_, _) -> Verdict.rewrite("oops"), TOOL_ARGUMENTS))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("Done");
        assertThat(received).isEmpty();
    }

    @Test
    void theRewrittenResultIsAllThatIsSeen() throws Exception {
        var run = agent((_, _) -> "It is " + WORD)
                .guardrails(replacing(WORD, "***", TOOL_RESULT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));
        var visible = visible(run);

        assertThat(model.told(1).content()).isEqualTo("It is ***");
        assertThat(visible).doesNotContain("It is " + WORD);
    }

    @Test
    void aRefusedResultIsWithheld() throws Exception {
        var run = agent((_, _) -> "It is " + WORD)
                .guardrails(refusing(WORD, TOOL_RESULT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(model.told(1).content()).contains("the word is not allowed");
        assertThat(visible(run)).doesNotContain("It is " + WORD);
    }

    @Test
    void errorsOfToolsAreCheckedToo() throws Exception {
        var run = agent((_, _) -> {
                    throw new IllegalStateException("no " + WORD + " here");
                })
                .guardrails(replacing(WORD, "***", TOOL_RESULT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(model.told(1).content()).contains("no *** here");
        assertThat(visible(run)).doesNotContain("no " + WORD);
    }

    @Test
    void resultsOfPeopleAreCheckedToo() throws Exception {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .tools(ToolSpec.external("echo", "Asks", schema, "Please do it"))
                .guardrails(replacing(WORD, "***", TOOL_RESULT))
                .build();
        var paused = agent.run("Hi", RunOptions.defaults().sessionId("s"));
        var requirement = paused.requirements().getFirst();
        var output = Events.end(agent.continueRun(paused.runId(), Decision.result(requirement.id(), "It is " + WORD)));

        assertThat(output.text()).isEqualTo("Done");
        assertThat(model.told(1).content()).isEqualTo("It is ***");
        assertThat(output.tools().toString() + store.runs("s")).doesNotContain("It is " + WORD);
    }

    @Test
    void aResultThatIsTheAnswerIsAnOutputToo() throws Exception {
        for (var spec : List.of(tool((_, _) -> "It is " + WORD).withReturnDirect(), tool((_, _) -> {
            throw new StopRunException("It is " + WORD);
        }))) {
            var run = Agent.builder()
                    .model(model())
                    .store(store)
                    .tools(spec)
                    .guardrails(replacing(WORD, "***", CheckPoint.OUTPUT), replacing(WORD, "***", TOOL_ARGUMENTS))
                    .build()
                    .start("Hi", RunOptions.defaults().sessionId("s"));

            assertThat(Events.end(run).text()).isEqualTo("It is ***");
            assertThat(visible(run)).doesNotContain(WORD);
        }
    }

    @Test
    void aFailedCheckEndsTheRun() throws Exception {
        for (var point : List.of(TOOL_ARGUMENTS, TOOL_RESULT)) {
            var broken = Guardrail.of(
                    "broken",
                    (text, _) -> {
                        throw new IllegalStateException(text.text());
                    },
                    point);
            var output = agent().guardrails(broken).build().run("Hi");

            assertThat(output.status()).isEqualTo(RunStatus.ERROR);
            assertThat(output.failure().message()).contains("\"broken\"").doesNotContain(WORD);
        }
    }

    @Test
    void aStopEndsACheck() throws Exception {
        for (var point : List.of(TOOL_ARGUMENTS, TOOL_RESULT)) {
            var gate = new Gate();
            var run = agent().guardrails(Guardrail.of(
                            "waiting",
                            (_, _) -> {
                                gate.pass();
                                return Verdict.pass();
                            },
                            point))
                    .build()
                    .start("Hi");
            gate.awaitReached();
            run.cancel();

            assertThat(Events.end(run).status()).isEqualTo(RunStatus.CANCELLED);
        }
    }
}
