package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Usage;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example runs as a process of its own against a provider on a real socket. */
@Execution(ExecutionMode.CONCURRENT)
class ExamplesTest {
    private static final String MODEL = "test-model";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    /** A command that nobody else runs. */
    private static final String ENDLESS = "sleep 98765.25";

    @Test
    void streamAgentPrintsTheAnswerAndItsTokens() throws Exception {
        provider.enqueue(Script.text("Once upon a time"));

        var example = ChildProcess.run(provider, StreamAgent.class, MODEL);

        assertThat(example.output()).contains("Once upon a time\n4 tokens");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.awaitRequest(1).request().body().path("model").asText())
                .isEqualTo(MODEL);
    }

    @Test
    void streamAgentTellsWhyItFailed() throws Exception {
        provider.enqueue(Script.status(401, "no such key"));

        var example = ChildProcess.run(provider, StreamAgent.class, MODEL);

        assertThat(example.output())
                .contains("failed: ")
                .contains("no such key")
                .doesNotContain("\tat ");
        assertThat(example.errors()).doesNotContain("\tat ");
    }

    @Test
    void toolOptionsPrintWhatTheToolsSay() throws Exception {
        var example = ChildProcess.run(provider, ToolOptions.class, MODEL);

        assertThat(example.output()).contains("Invoice: 1 lamp, 4.5 EUR", "Buy a lamp.");
        assertThat(example.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ApproveTool.class,
                BackgroundAgent.class,
                CancelAgentFromAnotherThread.class,
                CoordinateTeam.class,
                LimitsAgent.class,
                LoopSteps.class,
                ShellAgent.class,
                TasksTeam.class,
                ToolsAgent.class
            })
    void anExampleTellsWhyItFailed(Class<?> main) throws Exception {
        provider.byDefault(Script.status(401, "no such key"));

        var example = ChildProcess.run(provider, main, MODEL);

        assertThat(example.output()).contains("no such key").doesNotContain("\tat ");
        assertThat(example.errors()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(classes = {BranchState.class, SessionsAgent.class, TypedAnswer.class})
    void anExampleThatNeedsACompletedRunEndsWithTheReason(Class<?> main) throws Exception {
        provider.byDefault(Script.status(401, "no such key"));

        var example = ChildProcess.run(provider, main, MODEL);

        assertThat(example.errors()).contains("RunFailedException: run ").contains("no such key");
        assertThat(example.exitCode()).isEqualTo(1);
    }

    @Test
    void anthropicAgentThinksAndCallsAToolWithoutAKey() throws Exception {
        var example = ChildProcess.run(provider, AnthropicAgent.class);

        assertThat(example.output())
                .contains("A fake provider answers")
                .contains(
                        "I do not know the weather, but a tool does.\ncalls weather\nIt is sunny in Oslo.\nCOMPLETED");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void cancelAgentFromAnotherThreadStopsTheProvider() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelAgentFromAnotherThread.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("will be cancelled 0.2 seconds after its first words", "was cancelled: ")
                .contains("Status: CANCELLED", "Was cancelled: true", "Content preview: word1 ")
                .containsPattern("The stop took \\d+ ms");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void backgroundAgentStopsARunThatTakesTooLong() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, BackgroundAgent.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("Started run ", "It is writing, status RUNNING")
                .contains("Cancel answered REQUESTED", "Ended CANCELLED with");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void backgroundAgentPrintsWhatEndsInTime() throws Exception {
        provider.enqueue(Script.text("It goes up."));

        var example = ChildProcess.run(provider, BackgroundAgent.class, MODEL, "3600");

        assertThat(example.output()).contains("Ended in time: It goes up.");
    }

    @Test
    void toolsAgentCallsItsToolAndAnswersFromTheResult() throws Exception {
        provider.enqueue(
                Script.toolCall("weather", "{\"city\":\"Oslo\"}"), Script.text("It is sunny in Oslo, at 21 degrees."));

        var example = ChildProcess.run(provider, ToolsAgent.class, MODEL);

        assertThat(example.output())
                .contains("called weather{\"city\":\"Oslo\"} -> {\"city\":\"Oslo\",\"celsius\":21,\"sky\":\"sunny\"}")
                .contains("COMPLETED: It is sunny in Oslo");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void ollamaAgentThinksCallsItsToolAndAnswers() throws Exception {
        provider.enqueue(
                Script.empty().thenReasoning("Trout").thenToolCall("wines", "{}"),
                Script.text("The Riesling.").usage(Usage.of(10, 3)));

        var example = ChildProcess.run(provider, OllamaAgent.class, MODEL);

        assertThat(example.output()).contains("[Trout]", "COMPLETED: The Riesling.");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requests()).allMatch(request -> request.path().equals("/api/chat"));
        assertThat(provider.requests().getLast().bodyText()).contains("three bottles of Riesling");
    }

    @Test
    void langChain4jAgentCallsAToolThroughAModelOfLangChain4j() throws Exception {
        provider.enqueue(Script.toolCall("lent", "{}"), Script.text("Moby-Dick."));

        var example = ChildProcess.run(provider, LangChain4jAgent.class, MODEL);

        assertThat(example.output()).contains("COMPLETED: Moby-Dick.");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requests().getLast().bodyText()).contains("due on Friday");
    }

    @Test
    void searchByMeaningFindsTheClosestText() throws Exception {
        var example = ChildProcess.run(provider, SearchByMeaning.class, "Where are bicycles borrowed?");

        assertThat(example.output()).contains("3 vectors of 64 dimensions", "Bicycles can be borrowed");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requests()).allMatch(request -> request.path().equals("/v1/embeddings"));
    }

    @Test
    void geminiAgentPrintsWhatItSees() throws Exception {
        provider.enqueue(Script.text("{\"motif\":\"dot\",\"colour\":\"red\"}").usage(Usage.of(300, 9)));

        var example = ChildProcess.run(provider, GeminiAgent.class, MODEL);

        assertThat(example.output()).contains("red dot", "300 tokens of input");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requests().getLast().bodyText()).contains("inlineData", "responseJsonSchema");
    }

    @Test
    void typedAnswerPrintsTheRecord() throws Exception {
        provider.enqueue(
                Script.text("{\"title\":\"Ember\",\"characters\":[\"Ember\",\"Odile\"],\"plot\":\"A dragon codes.\"}"));

        var example = ChildProcess.run(provider, TypedAnswer.class, MODEL);

        assertThat(example.output()).contains("Title: Ember", "- Odile", "A dragon codes.");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void typedListGetsAListOfASealedType() throws Exception {
        var example = ChildProcess.run(provider, TypedList.class, MODEL);

        assertThat(example.output())
                .contains("A battle at Castle Rock, won by the dragon", "A feast with soup and cake")
                .contains("2 events from COMPLETED", "Feast[dishes=[soup, cake]]");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void runDependenciesReachTheToolAndTheModel() throws Exception {
        var example = ChildProcess.run(provider, RunDependencies.class, MODEL);

        assertThat(example.output())
                .contains("- customer: {\"name\":\"Odile\",\"member\":true}\n-> lamp for Odile: 4.5");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void settingsPerRunDifferByUserAndOptions() throws Exception {
        var example = ChildProcess.run(provider, SettingsPerRun.class, MODEL);

        assertThat(example.output())
                .contains("Help the customer. Answer in French.\n-> the orders of odile")
                .contains("Help the customer. Answer in German. The customer is angry.\n-> the orders of otto")
                .contains("Help the customer. Answer in French.\n-> I am another model.");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void guardrailsAgentMasksPersonalDataAndRefusesAnInjection() throws Exception {
        var example = ChildProcess.run(provider, GuardrailsAgent.class, MODEL);

        assertThat(example.output())
                .contains("My number is [PHONE].\n-> Anna can be reached at [EMAIL], and pays with [CARD].")
                .contains("-> ERROR: the guardrail \"prompt_injection\" refused the input");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void ownGuardrailReplacesASentence() throws Exception {
        var example = ChildProcess.run(provider, OwnGuardrail.class, MODEL);

        assertThat(example.output())
                .contains("We have three bicycles.\n(Ask our sales team for prices.)\nAll of them are new.");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void sessionsAgentSendsWhatWasSaidBefore() throws Exception {
        provider.enqueue(Script.text("Nice to meet you."), Script.text("To the Alps, Odile."));

        var example = ChildProcess.run(provider, SessionsAgent.class, MODEL);

        assertThat(example.output()).contains("Nice to meet you.", "To the Alps, Odile.", "2 runs are stored");
        assertThat(provider.awaitRequest(2).request().bodyText())
                .contains("My name is Odile", "Nice to meet you.", "what is my name?");
    }

    @Test
    void durableSessionRemembersWhatItsFirstProcessWasTold(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db").toString();
        provider.enqueue(Script.text("Nice to meet you."), Script.text("Odile."));

        var first = ChildProcess.run(provider, DurableSession.class, MODEL, file);
        var second = ChildProcess.run(provider, DurableSession.class, MODEL, file);

        assertThat(first.output()).contains("0 earlier runs are stored", "Nice to meet you.");
        assertThat(second.output()).contains("1 earlier runs are stored", "Odile.");
        assertThat(provider.awaitRequest(2).request().bodyText())
                .contains("My name is Odile", "Nice to meet you.", "What is my name?");
    }

    @Test
    void aDurableRunIsExecutedByTheNextProcess(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db").toString();
        provider.enqueue(Script.text("Order 4711 is fine."));

        var first = ChildProcess.run(provider, DurableRun.class, MODEL, file);
        assertThat(first.output()).contains(" is PENDING");
        assertThat(provider.requestCount()).isZero();

        var second = ChildProcess.run(provider, DurableRun.class, MODEL, file);
        var run = first.output()
                .lines()
                .filter(line -> line.endsWith(" is PENDING"))
                .findFirst()
                .orElseThrow();
        assertThat(second.output()).contains(run.replace(" is PENDING", " is "), "Order 4711 is fine.");
    }

    @Test
    void limitsAgentStopsAtItsTokens() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(2)));

        var example = ChildProcess.run(provider, LimitsAgent.class, MODEL, "60", "3600");

        assertThat(example.output()).contains("CANCELLED, BUDGET: ");
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void limitsAgentStopsAtItsDeadline() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(50)));

        var example = ChildProcess.run(provider, LimitsAgent.class, MODEL, "1000000", "1");

        assertThat(example.output()).contains("CANCELLED, DEADLINE: ");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void shellAgentShowsItsCommandsAndAnswers() throws Exception {
        provider.enqueue(
                Script.toolCall("run_command", "{\"command\":\"echo one-two\"}"), Script.text("There are two files."));

        var example = ChildProcess.run(provider, ShellAgent.class, MODEL);

        assertThat(example.output())
                .contains("$ {\"command\":\"echo one-two\"}", "one-two\n", "There are two files.", "ended COMPLETED");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void shellAgentEndsTheCommandThatRunsWhenItsTimeIsOver(@TempDir Path folder) throws Exception {
        var begun = folder.resolve("begun");
        provider.enqueue(Script.toolCall(
                "run_command", "{\"command\":\"touch " + begun + "; " + ENDLESS + " & " + ENDLESS + "\"}"));

        var example = ChildProcess.run(provider, ShellAgent.class, MODEL, "5");

        assertThat(example.output()).contains("ended CANCELLED");
        assertThat(begun).as("touched by the command").exists();
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(commandLine -> commandLine.contains(ENDLESS));
    }

    @Test
    void mdcInToolsLogsTheRunAndItsSession() throws Exception {
        var example = ChildProcess.run(provider, MdcInTools.class, MODEL);

        assertThat(example.output())
                .contains("INFO [run=run-1 session=session-1] looking order A-17 up")
                .contains("COMPLETED: order A-17 was shipped");
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void securityContextInToolsShowsTheToolWhoStartedTheRun() throws Exception {
        var example = ChildProcess.run(provider, SecurityContextInTools.class, MODEL);

        assertThat(example.output())
                .contains("COMPLETED: the balance of odile is 20 euros")
                .contains("nobody is signed in");
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void tracedAgentPrintsTheSpansOfTheRun() throws Exception {
        var example = ChildProcess.run(provider, TracedAgent.class, MODEL);

        assertThat(example.output())
                .contains("COMPLETED: order A-17 was shipped", "span execute_tool order, ")
                .containsPattern("span chat offline, .* below [0-9a-f]{16}")
                .containsPattern("span invoke_agent Help desk, [0-9]+ us, below nothing");
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void tokensPerUserAddsUpTheTokensOfEachUser() throws Exception {
        var example = ChildProcess.run(provider, TokensPerUser.class, MODEL);

        assertThat(example.output()).contains("ann: 22 tokens", "odile: 44 tokens");
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void everyExampleIsTested() throws IOException {
        var tests = Files.readString(Path.of("src/test/java/dev/rein/examples/ExamplesTest.java"))
                + Files.readString(Path.of("src/test/java/dev/rein/examples/TeamAndWorkflowExamplesTest.java"));
        try (var sources = Files.list(Path.of("src/main/java/dev/rein/examples"))) {
            assertThat(sources.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> !List.of("package-info", "ExampleModel", "Outcome")
                                    .contains(name)))
                    .isNotEmpty()
                    .allMatch(name -> tests.contains("(provider, " + name + ".class"));
        }
    }
}
