package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    void cancelWorkflowWhileStreamingStopsTheStepThatRuns() throws Exception {
        provider.byDefault(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelWorkflowWhileStreaming.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("will be cancelled 0.2 seconds after its first words", "> step research", "word1 ")
                .contains("> workflow run was cancelled: ", "will end cancelled")
                .contains("Status: CANCELLED", "Was cancelled: true")
                .doesNotContain("> step writing");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void cancelWorkflowWhileStreamingTellsWhenItWasTooLate() throws Exception {
        provider.byDefault(Script.text("An article."));

        var example = ChildProcess.run(provider, CancelWorkflowWhileStreaming.class, MODEL, "3600");

        assertThat(example.output())
                .contains("> workflow run completed before that", "Status: COMPLETED", "Content preview: An article.");
    }

    @Test
    void cancelWorkflowRunTellsHowFarEachStepGot() throws Exception {
        provider.byDefault(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelWorkflowRun.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("[CANCEL] Answer: true", "[CANCELLED] steps that had begun: 1", "Status: CANCELLED")
                .contains("Step research: ");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void cancelWorkflowRunTellsWhyItFailed() throws Exception {
        provider.byDefault(Script.status(401, "no such key"));

        var example = ChildProcess.run(provider, CancelWorkflowRun.class, MODEL);

        assertThat(example.output()).contains("[END] The run ended before", "no such key");
    }

    @Test
    void cancelTeamRunStopsTheMemberToo() throws Exception {
        provider.enqueue(delegation("storytelleragent")).byDefault(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelTeamRun.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("Member run was cancelled: StorytellerAgent", "Team run was cancelled: ")
                .contains("Status: CANCELLED");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(2).awaitClosed();
    }

    @Test
    void cancelBackgroundWorkflowCancelsItAfterAWhile() throws Exception {
        provider.byDefault(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelBackgroundWorkflow.class, MODEL, "0.2");

        assertThat(example.output())
                .contains("Started workflow with run id ", " is being cancelled", "Status: CANCELLED")
                .contains("Step Research: not done")
                .doesNotContain("Step Deep Analysis");
        assertThat(example.exitCode()).isZero();
        provider.awaitRequest(1).awaitClosed();
    }

    private static Script delegation(String member) {
        return Script.toolCall("delegate_task_to_member", "{\"member_id\":\"" + member + "\",\"task\":\"Do it\"}");
    }

    @Test
    void coordinateTeamAnswersFromWhatItsMemberSays() throws Exception {
        provider.enqueue(delegation("storyteller"), Script.text("Once."), Script.text("A good story: Once."));

        var example = ChildProcess.run(provider, CoordinateTeam.class, MODEL);

        assertThat(example.output()).contains("storyteller said: Once.", "COMPLETED: A good story: Once.");
    }

    @Test
    void routeTeamGivesTheMembersAnswer() throws Exception {
        provider.enqueue(delegation("french-translator"), Script.text("Dragon."));

        var example = ChildProcess.run(provider, RouteTeam.class, MODEL);

        assertThat(example.output()).contains("COMPLETED: Dragon.");
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void broadcastTeamHearsAllMembers() throws Exception {
        provider.enqueue(
                Script.toolCall("delegate_task_to_members", "{\"task\":\"Say it\"}"),
                Script.text("My view."),
                Script.text("My view."),
                Script.text("Both agree."));

        var example = ChildProcess.run(provider, BroadcastTeam.class, MODEL);

        assertThat(example.output())
                .contains("optimist said: My view.", "pessimist said: My view.", "COMPLETED: Both agree.");
    }

    @Test
    void tasksTeamWorksOffItsList() throws Exception {
        provider.enqueue(
                Script.toolCall("create_task", "{\"title\":\"Research\",\"assignee\":\"researcher\"}"),
                Script.toolCall("execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"researcher\"}"),
                Script.text("Facts."),
                Script.toolCall("mark_all_complete", "{\"summary\":\"Done\"}"),
                Script.text("The article."));

        var example = ChildProcess.run(provider, TasksTeam.class, MODEL);

        assertThat(example.output())
                .contains("new: Research", "Research: COMPLETED", "round 1 of at most 5 is over")
                .contains("COMPLETED: The article.");
    }

    @Test
    void parallelStepsJoinWhatTheBranchesSay() throws Exception {
        provider.enqueue(Script.text("A view."), Script.text("A view."), Script.text("Decided."));

        var example = ChildProcess.run(provider, ParallelSteps.class, MODEL);

        assertThat(example.output()).contains("for: A view.", "against: A view.", "COMPLETED: Decided.");
    }

    @Test
    void loopStepsGoRoundUntilTheTextIsShort() throws Exception {
        provider.enqueue(Script.text("long ".repeat(60)), Script.text("long ".repeat(40)), Script.text("Short."));

        var example = ChildProcess.run(provider, LoopSteps.class, MODEL);

        assertThat(example.output())
                .contains("round 1: 200 characters", "round 2: 6 characters", "COMPLETED: Short.")
                .doesNotContain("round 3");
    }

    @Test
    void conditionStepsTakeOneWayOrTheOther() throws Exception {
        provider.enqueue(Script.text("Complaint."), Script.text("We are sorry."));
        assertThat(ChildProcess.run(provider, ConditionSteps.class, MODEL).output())
                .contains("COMPLETED: We are sorry.");

        provider.enqueue(Script.text("PRAISE"));
        assertThat(ChildProcess.run(provider, ConditionSteps.class, MODEL).output())
                .contains("COMPLETED: Thank you, we are glad!");
    }

    @Test
    void routerStepsExecuteWhatWasChosen() throws Exception {
        provider.enqueue(Script.text("Dragons learn to code."), Script.text("Les dragons apprennent."));

        var example = ChildProcess.run(provider, RouterSteps.class, MODEL);

        assertThat(example.output()).contains("chosen: [correct, translate]", "COMPLETED: Les dragons apprennent.");
    }

    @Test
    void approveToolPaysOnlyOnceItIsConfirmed() throws Exception {
        var call = Script.toolCall("pay", "{\"to\":\"Odile\",\"euros\":20}");
        provider.enqueue(call, Script.text("Done."));
        assertThat(ChildProcess.run(provider, ApproveTool.class, MODEL, "yes").output())
                .contains("May it call pay{\"to\":\"Odile\",\"euros\":20}?", "pay -> paid 20 euros to Odile")
                .contains("COMPLETED: Done.");

        provider.enqueue(call, Script.text("Not paid."));
        assertThat(ChildProcess.run(provider, ApproveTool.class, MODEL, "no").output())
                .contains("too expensive", "COMPLETED: Not paid.")
                .doesNotContain("paid 20 euros");
    }

    @Test
    void approveStepPublishesOnlyOnceItIsConfirmed() throws Exception {
        provider.enqueue(Script.text("News."));
        assertThat(ChildProcess.run(provider, ApproveStep.class, MODEL, "yes").output())
                .contains("publish waits: Publish it?", "- StepContinued", "COMPLETED: Published: News.");

        provider.enqueue(Script.text("News."));
        assertThat(ChildProcess.run(provider, ApproveStep.class, MODEL, "no").output())
                .contains("publish waits: Publish it?")
                .doesNotContain("Published");
    }

    @Test
    void prioritiesAndRoomStopTheLowestForAnUrgentRun() throws Exception {
        var held = Script.text("A report").hangAfter(1);
        provider.answerBy(request -> request.bodyText().contains("Report on fire") ? Script.text("Fire.") : held);

        try (var example = ChildProcess.start(provider, PrioritiesAndRoom.class, MODEL)) {
            // Both that work go on until the urgent one is let in and has ended.
            example.awaitOutput("Urgent: COMPLETED");
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                provider.release();
                return !example.isAlive();
            });

            assertThat(example.end().output())
                    .contains("The urgent run is PENDING, because two others work")
                    .contains("Stopped the run of the lowest priority: true")
                    .contains("Low: CANCELLED, room was made for other runs")
                    .contains("Urgent: COMPLETED", "Normal: COMPLETED");
        }
    }

    @Test
    void lateSubscriberReadsFromTheFirstWordAndResumes() throws Exception {
        provider.enqueue(Script.text("Once upon a time there was a dragon").hangAfter(4));

        try (var example = ChildProcess.start(provider, LateSubscriber.class, MODEL, "0.2")) {
            example.awaitOutput("Once upon a time");
            provider.release();

            assertThat(example.end().output())
                    .startsWith("Once upon a time there was a dragon\nended COMPLETED with event ");
        }
    }

    @Test
    void branchStateIsMergedAndConflictsAreTold() throws Exception {
        provider.enqueue(Script.text("Fafnir, Smaug, Ember"));

        var example = ChildProcess.run(provider, BranchState.class, MODEL);

        assertThat(example.output())
                .contains("State: {last=words, letters=20, topic=dragons, words=3}")
                .contains(
                        "Conflict: last: branch words set it to words, which was kept, and branch letters to letters");
    }

    @Test
    void drawWorkflowPrintsAFlowchart() throws Exception {
        var example = ChildProcess.run(provider, DrawWorkflow.class, MODEL);

        assertThat(example.output()).startsWith("flowchart TD\n").contains("\"long?\"", "|\"no\"|", "\"review\"");
        assertThat(provider.requestCount()).isZero();
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
    void tokensPerUserAddsUpTheTokensOfEachUser() throws Exception {
        var example = ChildProcess.run(provider, TokensPerUser.class, MODEL);

        assertThat(example.output()).contains("ann: 22 tokens", "odile: 44 tokens");
        assertThat(provider.requestCount()).isZero();
    }

    @Test
    void everyExampleIsTested() throws IOException {
        var tests = Files.readString(Path.of("src/test/java/dev/rein/examples/ExamplesTest.java"));
        try (var sources = Files.list(Path.of("src/main/java/dev/rein/examples"))) {
            assertThat(sources.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> !List.of("package-info", "ExampleModel", "Outcome")
                                    .contains(name)))
                    .isNotEmpty()
                    .allMatch(name -> tests.contains("(provider, " + name + ".class"));
        }
    }
}
