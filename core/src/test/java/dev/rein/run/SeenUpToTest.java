package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A stop that says how much of the stream somebody has seen. */
class SeenUpToTest {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("voice");

    private final InMemorySessionStore store = new InMemorySessionStore();

    private Agent agent(TestModel.Turn... turns) {
        return Agent.builder()
                .model(TestModel.of(turns))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .addHistory(10)
                .tools(tool("look", _ -> "found"))
                .build();
    }

    /** Reads the run's events up to one. */
    private static RunEvent until(RunHandle run, Predicate<RunEvent> last) {
        try (var events = run.events()) {
            for (var event : events) {
                if (last.test(event)) {
                    return event;
                }
            }
        }
        throw new AssertionError("there was no such event");
    }

    private static RunEvent text(RunHandle run, String content) {
        return until(
                run, event -> event instanceof RunContent text && text.content().equals(content));
    }

    private List<Message> nextTurn() {
        var model = TestModel.of(says("next"));
        var next = Agent.builder().model(model).store(store).addHistory(10).build();
        next.run("And?", SESSION);
        return model.asked(0);
    }

    @Test
    void laterTextIsLeftOutOfTheOutputTheStoreAndTheHistory() throws Exception {
        var run = agent(saysAndHangs("Once ", "upon ", "a ", "time")).start("Go", SESSION);
        var seen = text(run, "upon ");
        text(run, "time");
        run.cancel(CancelRequest.now().seenUpTo(seen.index()));
        var output = run.await();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo("Once upon ");
        assertThat(Events.only(RunCancelled.class, Events.of(run)))
                .singleElement()
                .returns("Once upon ", RunCancelled::content);
        var row = store.run(run.id()).orElseThrow();
        assertThat(row.text()).isEqualTo("Once upon ");
        assertThat(row.messages().getLast())
                .returns("Once upon ", Message::content)
                .returns(true, Message::interrupted);
        assertThat(nextTurn())
                .extracting(Message::content)
                .containsExactly("Go", InterruptionTexts.interrupted("Once upon "), "And?");
    }

    @Test
    void completeResponsesAreCutTooAndToolCallsStay() throws Exception {
        TestModel.Turn announces = (_, call) -> {
            call.text("Let me ");
            call.text("look.");
            return new ModelResponse("Let me look.", null, List.of(TestModel.call("c1", "look")), null, null);
        };
        var run = agent(announces, saysAndHangs("I have ", "found it")).start("Go", SESSION);
        var seen = text(run, "Let me ");
        text(run, "found it");
        run.cancel(CancelRequest.now().seenUpTo(seen.index()));
        var output = run.await();
        assertThat(output.text()).isEqualTo("Let me ");
        var own = new ArrayList<>(output.messages());
        assertThat(own).extracting(Message::role).containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT);
        assertThat(own.get(1)).returns("Let me ", Message::content).returns(true, Message::interrupted);
        assertThat(own.get(1).toolCalls()).hasSize(1);
        assertThat(own.get(2).content()).isEqualTo("found");
        assertThat(own.get(3).content()).isEqualTo(InterruptionTexts.NO_ANSWER);
    }

    @Test
    void whoHasSeenNothingIsToldNothing() throws Exception {
        var run = agent(saysAndHangs("Once ", "upon")).start("Go", SESSION);
        text(run, "upon");
        run.cancel(CancelRequest.now().seenUpTo(-1));
        assertThat(run.await().text()).isEmpty();
        assertThat(nextTurn())
                .extracting(Message::content)
                .containsExactly("Go", InterruptionTexts.interrupted(InterruptionTexts.NO_ANSWER), "And?");
    }

    @Test
    void whoHasSeenAllLosesNothing() throws Exception {
        var run = agent(saysAndHangs("Once ", "upon")).start("Go", SESSION);
        var last = text(run, "upon");
        run.cancel(CancelRequest.now().seenUpTo(last.index()));
        assertThat(run.await().text()).isEqualTo("Once upon");
    }

    @Test
    void theLowestIndexOfSeveralRequestsHolds() throws Exception {
        var run = agent(calls("look"), saysAndHangs("a", "b", "c")).start("Go", SESSION);
        var first = text(run, "a");
        text(run, "c");
        run.cancel(CancelRequest.afterTurn().seenUpTo(first.index() + 1));
        run.cancel(CancelRequest.afterTurn().seenUpTo(first.index()));
        run.cancel(CancelRequest.now());
        assertThat(run.await().text()).isEqualTo("a");
    }

    /** The index is that of the tree: what the members of a team have said counts as well. */
    @Test
    void aMembersTextIsCutWithItsTeam() throws Exception {
        var writer = Agent.builder()
                .name("writer")
                .model(TestModel.of(saysAndHangs("Once ", "upon ", "a time")))
                .build();
        var team = Team.builder()
                .model(TestModel.of(calls(new dev.rein.model.ToolCall(
                        "c1", "delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write\"}"))))
                .members(writer)
                .store(store)
                .build();
        var run = team.start("Go", SESSION);
        var seen = text(run, "Once ");
        text(run, "a time");
        run.cancel(CancelRequest.now().seenUpTo(seen.index()));
        var output = run.await();
        assertThat(output.memberResponses()).singleElement().returns("Once ", RunOutput::text);
        assertThat(output.text()).isEqualTo("Once ");
    }

    @Test
    void aRunThatHasEndedKeepsItsText() {
        var agent = agent(says("Once ", "upon"));
        var output = agent.run("Go", SESSION);
        agent.cancel(output.runId(), CancelRequest.now().seenUpTo(0));
        assertThat(store.run(output.runId()).orElseThrow().text()).isEqualTo("Once upon");
    }

    @Test
    void anIndexBelowMinusOneIsRefused() {
        assertThatThrownBy(() -> CancelRequest.now().seenUpTo(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seenUpTo is -2");
    }
}
