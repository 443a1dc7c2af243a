package dev.rein.guardrail;

import static dev.rein.agent.TestModel.says;
import static dev.rein.guardrail.CheckPoint.INPUT;
import static dev.rein.guardrail.CheckPoint.OUTPUT;
import static dev.rein.guardrail.CheckPoint.TOOL_RESULT;
import static dev.rein.guardrail.Checks.refusing;
import static dev.rein.guardrail.Checks.replacing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.model.ToolCall;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeamGuardrailTest {
    private static final String WORD = "zanzibar";

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final TestModel memberModel = TestModel.of(says("It is ", WORD, ". Yes."));

    private static TestModel leader(TeamMode mode) {
        var broadcast = new ToolCall("c1", "delegate_task_to_members", "{\"task\":\"go\"}");
        var one = new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"m\",\"task\":\"go\"}");
        return TestModel.of(
                TestModel.calls(mode == TeamMode.BROADCAST ? broadcast : one), says("They say: ", WORD, "."));
    }

    private Team team(TeamMode mode, Component member, Guardrail... guardrails) {
        return Team.builder()
                .model(leader(mode))
                .members(member)
                .mode(mode)
                .store(store)
                .guardrails(guardrails)
                .build();
    }

    private Agent member(Guardrail... guardrails) {
        return Agent.builder().id("m").model(memberModel).guardrails(guardrails).build();
    }

    @Test
    void theGuardrailsOfATeamCheckWhatItsMembersSay() throws Exception {
        for (var mode : List.of(TeamMode.COORDINATE, TeamMode.ROUTE, TeamMode.BROADCAST)) {
            var run = team(mode, member(), replacing(WORD, "***", OUTPUT))
                    .start("Where?", RunOptions.defaults().sessionId("s"));
            var output = Events.end(run);

            assertThat(output.status()).as("%s", mode).isEqualTo(RunStatus.COMPLETED);
            assertThat(output.text()).contains("***");
            assertThat(output.messages() + " " + Events.of(run) + store.runs("s") + output.memberResponses()
                            + output.memberResponses().getFirst().messages())
                    .as("%s", mode)
                    .doesNotContain(WORD);
        }
    }

    @Test
    void alsoInANestedTeam() throws Exception {
        var inner = Team.builder()
                .id("m")
                .model(leader(TeamMode.COORDINATE))
                .members(member())
                .build();
        var run = team(TeamMode.ROUTE, inner, replacing(WORD, "***", OUTPUT)).start("Where?");

        assertThat(Events.end(run).text()).isEqualTo("They say: ***.");
        assertThat(Events.of(run).toString()).doesNotContain(WORD);
    }

    @Test
    void aRefusedInputReachesNoMember() throws Exception {
        for (var mode : TeamMode.values()) {
            var output = team(mode, member(), refusing(WORD, INPUT)).run(WORD);

            assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
            assertThat(memberModel.requests()).isEmpty();
        }
    }

    @Test
    void aRoutedMemberGetsTheRewrittenInput() throws Exception {
        team(TeamMode.ROUTE, member(), replacing(WORD, "***", INPUT)).run("I live in " + WORD);

        assertThat(memberModel.told(0).content()).isEqualTo("I live in ***");
    }

    @Test
    void theRefusalOfAMemberIsAResultForTheLeader() throws Exception {
        var output = team(TeamMode.COORDINATE, member(refusing(WORD, OUTPUT))).run("Where?");

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.memberResponses().getFirst().failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThat(output.tools().getFirst().result()).contains("the word is not allowed");
    }

    @Test
    void theGuardrailOfATeamAlsoRefusesForARoutedMember() throws Exception {
        var run = team(TeamMode.ROUTE, member(), refusing(WORD, OUTPUT)).start("Where?");
        var output = Events.end(run);

        assertThat(Events.only(RunContent.class, Events.of(run)).toString()).doesNotContain(WORD);
        assertThat(output.text()).doesNotContain(WORD);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void theGuardrailsOfAnAgentCheckTheAgentsThatItsToolsRun() throws Exception {
        var inner = member();
        var outer = Agent.builder()
                .model(TestModel.of(TestModel.calls("ask"), says("Done")))
                .tools(dev.rein.tool.ToolSpec.of(
                        "ask",
                        "Asks",
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                                .objectNode()
                                .put("type", "object"),
                        (_, _) -> inner.run("Where?").text()))
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build();
        var run = outer.start("Hi");

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(Events.of(run).toString()).doesNotContain(WORD);
    }

    @Test
    void theStepOfAnAgentThatHasRefusedFailsItsWorkflow() throws Exception {
        var output = Workflow.builder()
                .steps(Step.of("ask", member(refusing(WORD, INPUT))))
                .build()
                .run(WORD);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure().message()).contains("the word is not allowed");
        assertThat(memberModel.requests()).isEmpty();
    }

    @Test
    void theGuardrailsOfAStepsAgentCheckItsOutput() throws Exception {
        var run = Workflow.builder()
                .steps(Step.of("ask", member(replacing(WORD, "***", OUTPUT))))
                .build()
                .start("Where?");

        assertThat(Events.end(run).text()).isEqualTo("It is ***. Yes.");
        assertThat(Events.of(run).toString()).doesNotContain(WORD);
    }

    @Test
    void resultsOfDelegationsAreResultsOfTools() throws Exception {
        var output = team(TeamMode.COORDINATE, member(), replacing(WORD, "***", TOOL_RESULT))
                .run("Where?");

        assertThat(output.tools().getFirst().result()).isEqualTo("It is ***. Yes.");
    }
}
