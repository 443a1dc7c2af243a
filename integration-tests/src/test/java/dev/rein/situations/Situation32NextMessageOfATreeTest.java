package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A turn of a team or a workflow is stopped; then the conversation goes on, over real sockets. Every point is in situation 40. */
class Situation32NextMessageOfATreeTest {
    /** Where the stop of a team comes. */
    enum Window {
        LEADER_IN_MID_TEXT,
        LEADER_IN_A_DELEGATION,
        MEMBER_IN_MID_TEXT,
        ONE_MEMBER_DONE,
        LEADER_IN_ITS_LAST_ANSWER
    }

    private final FakeProvider provider = FakeProvider.start();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final RunOptions options = RunOptions.defaults().sessionId("conversation");

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> windows() {
        return Stream.of(Window.values())
                .flatMap(window -> Situation10ServerHangsTest.apisAndForms()
                        .map(both -> Arguments.of(window, both.get()[0], both.get()[1])));
    }

    private Component team(Window window, Api api) {
        var delegation = Script.text("Let me ask.")
                .thenToolCall("call_1", Teams.DELEGATE, "{\"member_id\":\"quick\",\"task\":\"Work\"}")
                .thenToolCall("call_2", Teams.DELEGATE, "{\"member_id\":\"slow\",\"task\":\"Work\"}");
        var leader = switch (window) {
            case LEADER_IN_MID_TEXT -> delegation.hangAfter(2);
            case LEADER_IN_A_DELEGATION -> delegation.hangAfter(5);
            default -> delegation;
        };
        provider.enqueue(leader);
        if (window == Window.LEADER_IN_ITS_LAST_ANSWER) {
            provider.enqueue(Script.text("It is there.").hangAfter(2));
        }
        var slow = Script.text("Half a story");
        var members =
                window == Window.MEMBER_IN_MID_TEXT || window == Window.ONE_MEMBER_DONE ? slow.hangAfter(2) : slow;
        var quick = window == Window.MEMBER_IN_MID_TEXT ? members : Script.text("Done.");
        return Teams.of(
                        "Team",
                        api.at(provider),
                        Teams.member("quick", ScriptedModel.of(quick)),
                        Teams.member("slow", ScriptedModel.of(members)))
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(20)
                .build();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void theNextRequestOfATeamIsAcceptedByStrictRules(Window window, Api api, Form form) {
        var team = team(window, api);
        var run = form.start(team, "Where is it?", options);
        switch (window) {
            case LEADER_IN_MID_TEXT, LEADER_IN_A_DELEGATION ->
                provider.awaitRequest(1).awaitHanging();
            case LEADER_IN_ITS_LAST_ANSWER -> provider.awaitRequest(2).awaitHanging();
            case MEMBER_IN_MID_TEXT -> Waiting.until("both talk", () -> run.deliveredTimes("Half a") == 2);
            case ONE_MEMBER_DONE ->
                Waiting.until(
                        "one is done",
                        () -> run.deliveredTimes("Half a") == 1
                                && !run.events(ToolCallCompleted.class).isEmpty());
        }
        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        RunInvariants.checkCancelled(run, store);

        provider.enqueue(Script.text("I see."), Script.text("Bye."));
        for (var message : List.of("And now?", "Good bye")) {
            assertThat(RunInvariants.check(form.start(team, message, options), store)
                            .isCompleted())
                    .isTrue();
        }
        MessageRules.checkAll(provider);
        assertThat(provider.requests().getLast().bodyText())
                .contains("Where is it?")
                .contains("And now?");
    }

    @ParameterizedTest
    @EnumSource
    void theNextMessageAfterAStoppedWorkflowIsAccepted(Form form) {
        provider.enqueue(Script.text("Facts."), Script.text("Half a story").hangAfter(2));
        var workflow = Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(
                        Step.of("research", Teams.member("research", Api.CHAT.at(provider))),
                        Step.of("write", Teams.member("write", Api.CHAT.at(provider))))
                .build();
        var run = form.start(workflow, "A story", options);
        provider.awaitRequest(2).awaitHanging();
        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        RunInvariants.checkCancelled(run, store);

        provider.enqueue(Script.text("Facts."), Script.text("A whole story."), Script.text("I see."));
        assertThat(RunInvariants.check(form.start(workflow, "Again", options), store)
                        .text())
                .isEqualTo("A whole story.");
        var agent = Agent.builder()
                .model(Api.CHAT.at(provider))
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(20)
                .build();
        assertThat(RunInvariants.check(form.start(agent, "And now?", options), store)
                        .isCompleted())
                .isTrue();
        MessageRules.checkAll(provider);
        assertThat(provider.requests().getLast().bodyText()).contains("A story", "Again", "A whole story.", "And now?");
    }
}
