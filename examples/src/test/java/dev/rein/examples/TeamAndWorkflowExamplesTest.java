package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The programs about teams and workflows. */
@Execution(ExecutionMode.CONCURRENT)
class TeamAndWorkflowExamplesTest {
    private static final String MODEL = "test-model";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void stopProvider() {
        provider.close();
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
    void printTeamPrintsTheMemberAndWhatWasUsed() throws Exception {
        provider.enqueue(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write\"}"));
        provider.enqueue(Script.text("Once upon a time"));
        provider.enqueue(Script.text("The end"));

        var example = ChildProcess.run(provider, PrintTeam.class, MODEL);

        assertThat(example.output())
                .contains(
                        "Storytelling Team  test-model", "  Writer  test-model\n  Once upon a time\n\n", "\nThe end\n")
                .contains("delegate_task_to_member(member_id: \"writer\"", "3 model requests", "1 tool call")
                .endsWith("COMPLETED\n");
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
    void reviewStepIsWrittenAgainWithTheFeedback() throws Exception {
        provider.enqueue(Script.text("A dragon codes."));
        provider.enqueue(Script.text("Odile the dragon codes."));
        assertThat(ChildProcess.run(provider, ReviewStep.class, MODEL).output())
                .contains(
                        "> A dragon codes.",
                        "Is it good? REJECT",
                        "> Odile the dragon codes.",
                        "Is it good? EDIT",
                        "Publish it? REJECT",
                        "COMPLETED: Archived: Odile the dragon codes. (reviewed)");
        assertThat(provider.requests().getLast().bodyText()).contains("Feedback from reviewer", "Name the dragon.");
    }

    @Test
    void workflowHistoryGivesTheSecondRunTheFirstOne() throws Exception {
        provider.enqueue(Script.text("Very tall."));
        provider.enqueue(Script.text("Very old."));
        assertThat(ChildProcess.run(provider, WorkflowHistory.class, MODEL).output())
                .contains("COMPLETED: Very tall.", "COMPLETED: Very old.");
        assertThat(provider.requests().getLast().bodyText())
                .contains(
                        "User input: How tall are dragons?", "Workflow output: Very tall.", "Question 2: And how old?");
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
}
