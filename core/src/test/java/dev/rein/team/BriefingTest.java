package dev.rein.team;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.TestModel;
import dev.rein.model.Message;
import dev.rein.model.ToolCall;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What members are told beside their task, and their own history in a team. */
class BriefingTest {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final TestModel ann = TestModel.of(says("Paris"), says("Lyon"), says("Nice"));
    private final TestModel bob = TestModel.of(says("Rome"), says("Milan"), says("Bari"));

    private static ToolCall call(String id, String member, String task) {
        return new ToolCall(
                id, "delegate_task_to_member", "{\"member_id\":\"" + member + "\",\"task\":\"" + task + "\"}");
    }

    private static AgentBuilder member(String id, TestModel model) {
        return Agent.builder().id(id).model(model);
    }

    private TeamBuilder team(TestModel leader) {
        return Team.builder()
                .id("team")
                .model(leader)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .members(member("ann", ann).build(), member("bob", bob).build());
    }

    private static String told(TestModel model, int request) {
        return model.asked(request).getLast().content();
    }

    private static List<String> texts(TestModel model, int request) {
        return model.asked(request).stream().map(Message::content).toList();
    }

    @Test
    void aMemberIsToldItsTaskOnlyUnlessTheTeamSaysOtherwise() {
        var leader = TestModel.of(calls(call("c1", "ann", "Go")), calls(call("c2", "bob", "On")), says("Done"));
        team(leader).build().run("Where to?").orThrow();
        assertThat(told(ann, 0)).isEqualTo("Go");
        assertThat(told(bob, 0)).isEqualTo("On");
    }

    @Test
    void aMemberIsToldWhatOthersHaveAnswered() {
        var leader = TestModel.of(
                calls(call("c1", "ann", "Go")),
                calls(call("c2", "bob", "On")),
                calls(call("c3", "ann", "More")),
                says("Done"));
        team(leader).shareAnswers(true).build().run("Where to?").orThrow();
        assertThat(told(ann, 0)).isEqualTo("Go");
        assertThat(told(bob, 0)).isEqualTo("On\n\nWhat members of the team have answered so far:\n- ann: Paris");
        assertThat(told(ann, 1))
                .isEqualTo("More\n\nWhat members of the team have answered so far:\n- ann: Paris\n- bob: Rome");
    }

    @Test
    void theAnswersOfABroadcastAreSharedToo() {
        var leader = TestModel.of(
                calls(new ToolCall("c1", "delegate_task_to_members", "{\"task\":\"Go\"}")),
                calls(new ToolCall("c2", "delegate_task_to_members", "{\"task\":\"On\"}")),
                says("Done"));
        team(leader)
                .mode(TeamMode.BROADCAST)
                .shareAnswers(true)
                .build()
                .run("Where to?")
                .orThrow();
        assertThat(told(ann, 0)).isEqualTo("Go");
        assertThat(told(bob, 1)).startsWith("On\n\nWhat members").contains("ann:\nParis", "bob:\nRome");
    }

    @Test
    void theSharedAnswersAreBoundedAndTheLatestStay() {
        var turns = new TestModel.Turn[9];
        for (var i = 0; i < 8; i++) {
            turns[i] = calls(call("c" + i, "ann", "Task " + i));
        }
        turns[8] = says("Done");
        var long1 = TestModel.of(says("first" + "x".repeat(9_000)), says("last" + "y".repeat(9_000)));
        Team.builder()
                .id("team")
                .model(TestModel.of(turns))
                .members(member("ann", long1).build())
                .shareAnswers(true)
                .build()
                .run("Go")
                .orThrow();
        assertThat(told(long1, 7))
                .hasSizeBetween(16_000, 33_000)
                .contains("last")
                .doesNotContain("first");
    }

    @Test
    void aMemberIsToldTheInputOfTheUser() {
        var leader = TestModel.of(calls(call("c1", "ann", "Go")), says("Done"));
        team(leader).passInputOn(true).build().run("Where to?").orThrow();
        assertThat(told(ann, 0)).isEqualTo("Go\n\nThe user's request:\nWhere to?");
    }

    @Test
    void theInputIsNotRepeatedWhereItIsTheTask() {
        var leader = TestModel.of(calls(new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"ann\"}")));
        team(leader)
                .mode(TeamMode.ROUTE)
                .passInputOn(true)
                .build()
                .run("Where to?")
                .orThrow();
        assertThat(told(ann, 0)).isEqualTo("Where to?");
    }

    @Test
    void membersAreToldTheHistoryOfTheTeamWithoutTheLeader() {
        var leader = TestModel.of(says("To Rome."), says("By train."), calls(call("c1", "ann", "Go")), says("Done"));
        var team = team(leader).memberHistory(2).build();
        team.run("Where to?", SESSION).orThrow();
        team.run("How?", SESSION).orThrow();
        team.run("When?", SESSION).orThrow();
        assertThat(told(ann, 0))
                .isEqualTo("Go\n\nWhat the user and the team said before:\nUser: Where to?\nTeam: To Rome."
                        + "\nUser: How?\nTeam: By train.");
        assertThat(texts(leader, 2)).doesNotContain("How?");
    }

    @Test
    void theLeaderHasItsOwnHistoryBesideThatOfTheMembers() {
        var leader = TestModel.of(says("One."), says("Two."), calls(call("c1", "ann", "Go")), says("Done"));
        var team = team(leader).memberHistory(2).addHistory(1).build();
        team.run("First?", SESSION).orThrow();
        team.run("Second?", SESSION).orThrow();
        team.run("Third?", SESSION).orThrow();
        assertThat(texts(leader, 2)).contains("Second?").doesNotContain("First?");
        assertThat(told(ann, 0)).contains("User: First?", "User: Second?");
    }

    @Test
    void theHistoryOfMembersNeedsAStoreAndASession() {
        var leader = TestModel.of(says("Done"));
        assertThatThrownBy(() -> Team.builder()
                        .model(leader)
                        .members(member("ann", ann).build())
                        .memberHistory(1)
                        .build())
                .hasMessageContaining("memberHistory(1) needs a store");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> team(leader).memberHistory(1).build().run("Where to?"))
                .withMessageContaining("memberHistory(1)")
                .withMessageContaining("no session");
        assertThatIllegalArgumentException().isThrownBy(() -> team(leader).memberHistory(-1));
    }

    @Test
    void aMemberHasItsOwnEarlierRunsOfTheSession() {
        var leader = TestModel.of(
                calls(call("c1", "ann", "Go")), says("Done"), calls(call("c2", "ann", "On")), says("Done"));
        var team = Team.builder()
                .id("team")
                .model(leader)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .members(
                        member("ann", ann)
                                .store(store)
                                .storeWait(Duration.ofMinutes(1))
                                .addHistory(5)
                                .build(),
                        member("bob", bob).build())
                .build();
        team.run("Where to?", SESSION).orThrow();
        team.run("And then?", SESSION).orThrow();
        assertThat(texts(ann, 1)).containsExactly("Go", "Paris", "On");
        team.run("Elsewhere?", SESSION.sessionId("other"));
        assertThat(store.session("s")).isPresent();
    }

    @Test
    void anAgentOfAStepHasItsOwnEarlierRunsOfTheSession() {
        var workflow = Workflow.builder()
                .id("flow")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .steps(Step.of(
                        "ask",
                        member("ann", ann)
                                .store(store)
                                .storeWait(Duration.ofMinutes(1))
                                .addHistory(5)
                                .build()))
                .build();
        workflow.run("One?", SESSION).orThrow();
        workflow.run("Two?", SESSION).orThrow();
        workflow.run("Three?", SESSION.sessionId("other")).orThrow();
        assertThat(texts(ann, 1)).containsExactly("One?", "Paris", "Two?");
        assertThat(texts(ann, 2)).containsExactly("Three?");
    }
}
