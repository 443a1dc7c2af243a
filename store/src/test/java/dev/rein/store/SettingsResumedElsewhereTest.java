package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.model.ModelSettings;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that had settings or a type of its own goes on with them in a process that has only its row. */
class SettingsResumedElsewhereTest extends TwoProcesses {
    private static final ToolSpec BOOK = ToolSpec.of(
                    "book",
                    "Books a seat",
                    new JsonMapper().createObjectNode().put("type", "object"),
                    (arguments, context) -> "seat 7")
            .withConfirmation("May I book?");
    private static final Script CALLS = Script.toolCall("book", "{}");

    private AgentBuilder agent(ScriptedModel model) {
        return Agent.builder()
                .name("Booker")
                .model(model)
                .instructions("Be kind.")
                .store(store)
                .storeWait(LONG);
    }

    private StoredRun paused(Component component, RunOptions options) throws Exception {
        return leave(other, component.start("Go", options));
    }

    private void assertRefused(Component component, StoredRun row, RunOptions options, String reason) {
        assertThatThrownBy(() -> component.continueRun(row.runId(), options, confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining(reason);
        assertThat(row(other, row.runId())).isEqualTo(row);
    }

    // ---- settings

    @Test
    void instructionsAndSettingsAreThoseOfTheStart() throws Exception {
        var row = paused(
                agent(ScriptedModel.of(CALLS))
                        .tools(BOOK)
                        .instructions(context -> "It is Monday.")
                        .build(),
                SESSION.instructions("Answer in French.")
                        .settings(
                                ModelSettings.builder().seed(3).temperature(0.1).build()));
        var model = ScriptedModel.of(Script.text("Booked."));
        var again = agent(model)
                .tools(BOOK)
                .instructions(context -> "It is Tuesday.")
                .build();
        assertRefused(
                again,
                row,
                RunOptions.defaults().instructions("Answer in English."),
                "the options have instructions, and it keeps those that it was started with");

        var options = RunOptions.defaults()
                .settings(ModelSettings.builder().temperature(0.9).build());
        var output = again.continueRun(row.runId(), options, confirmed(row)).await(LONG);

        assertThat(output.text()).isEqualTo("Booked.");
        var request = model.request(1);
        assertThat(request.messages().getFirst().content()).isEqualTo("Be kind.\n\nIt is Monday.\n\nAnswer in French.");
        assertThat(request.settings().seed()).isEqualTo(3);
        assertThat(request.settings().temperature()).isEqualTo(0.9);
    }

    @Test
    void aModelOfTheOptionsMustBeGivenAgain() throws Exception {
        var row = paused(
                agent(ScriptedModel.of("x")).tools(BOOK).build(),
                SESSION.model(ScriptedModel.of(CALLS).id("special")));
        var unused = ScriptedModel.of("x");
        var again = agent(unused).tools(BOOK).build();
        assertRefused(
                again,
                row,
                RunOptions.defaults(),
                "its options had the model special, which is not stored: give a model in the options");

        var given = RunOptions.defaults()
                .model(ScriptedModel.of(Script.text("Booked.")).id("special"));
        assertThat(again.continueRun(row.runId(), given, confirmed(row))
                        .await(LONG)
                        .text())
                .isEqualTo("Booked.");
        assertThat(unused.requests()).isEmpty();
    }

    @Test
    void toolsOfTheOptionsMustBeGivenAgain() throws Exception {
        var row = paused(agent(ScriptedModel.of(CALLS)).build(), SESSION.tools(BOOK));
        var again = agent(ScriptedModel.of(Script.text("Booked."))).build();
        assertRefused(
                again,
                row,
                RunOptions.defaults(),
                "its options had the tools [book], which are not stored: give them in the options");

        var output = again.continueRun(row.runId(), RunOptions.defaults().tools(BOOK), confirmed(row))
                .await(LONG);
        assertThat(output.text()).isEqualTo("Booked.");
        assertThat(output.tools().getFirst().result()).isEqualTo("seat 7");
    }

    @Test
    void dependenciesMustBeGivenAgain() throws Exception {
        var customers = ToolSpec.of(
                        "book",
                        "Books a seat",
                        new JsonMapper().createObjectNode().put("type", "object"),
                        (arguments, context) -> "seat of " + context.dependency("customer", String.class))
                .withConfirmation("May I book?");
        var row = paused(
                agent(ScriptedModel.of(CALLS)).tools(customers).build(),
                SESSION.dependency("customer", () -> "Odile").dependency("region", "EU"));
        var again =
                agent(ScriptedModel.of(Script.text("Booked."))).tools(customers).build();
        assertRefused(
                again,
                row,
                RunOptions.defaults().dependency("region", "EU"),
                "was started with the dependencies [customer], which are not stored: give them in the options");

        var given = RunOptions.defaults().dependency("customer", () -> "Otto").dependency("region", "EU");
        var output = again.continueRun(row.runId(), given, confirmed(row)).await(LONG);
        assertThat(output.tools().getFirst().result()).isEqualTo("seat of Otto");
    }

    @Test
    void toolsOfAFunctionAreMadeAgain() throws Exception {
        var row = paused(
                agent(ScriptedModel.of(CALLS)).tools(context -> List.of(BOOK)).build(), SESSION);
        var again = agent(ScriptedModel.of(Script.text("Booked.")))
                .tools(context -> List.of(BOOK))
                .build();
        var output = again.continueRun(row.runId(), confirmed(row)).await(LONG);
        assertThat(output.tools().getFirst().result()).isEqualTo("seat 7");
    }

    @Test
    void aTeamsLeaderKeepsThemToo() throws Exception {
        var row = paused(team(ScriptedModel.of(CALLS), TeamMode.COORDINATE), SESSION.instructions("Answer in French."));
        var leader = ScriptedModel.of(Script.text("Booked."));
        team(leader, TeamMode.COORDINATE)
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(leader.request(1).messages().getFirst().content()).endsWith("\n\nAnswer in French.");
    }

    private Team team(ScriptedModel leader, TeamMode mode, Component... members) {
        return Team.builder()
                .name("Travellers")
                .model(leader)
                .mode(mode)
                .tools(BOOK)
                .members(
                        members.length == 0
                                ? new Component[] {agent(ScriptedModel.of("x")).build()}
                                : members)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
    }

    // ---- types

    private static final TypeRef<List<String>> SEATS = new TypeRef<>() {};
    private static final Script SEVEN = Script.text("{\"value\": [\"seven\"]}");

    private StoredRun pausedTyped(Component component) throws Exception {
        var run = component.run("Go", SEATS, SESSION).output();
        assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
        return leave(other, Runs.shared().handle(run.runId()).orElseThrow());
    }

    private Workflow workflow(Step... steps) {
        return Workflow.builder()
                .name("Trip")
                .steps(steps)
                .store(store)
                .storeWait(LONG)
                .build();
    }

    @Test
    void theMemberOfARouteTeamIsAskedForTheTypeElsewhere() throws Exception {
        var routes = Script.toolCall("delegate_task_to_member", "{\"member_id\": \"booker\", \"task\": \"Book\"}");
        var row = pausedTyped(team(
                ScriptedModel.of(routes),
                TeamMode.ROUTE,
                agent(ScriptedModel.of(CALLS)).tools(BOOK).build()));
        var member = ScriptedModel.of(SEVEN);
        var again = team(
                ScriptedModel.of("x"), TeamMode.ROUTE, agent(member).tools(BOOK).build());
        assertThatThrownBy(() -> again.continueRun(row.runId(), confirmed(row)))
                .hasMessageContaining("answers with a List<String>")
                .hasMessageContaining("new TypeRef<List<String>>() {}");
        assertThat(again.continueRun(row.runId(), SEATS, confirmed(row)).value())
                .containsExactly("seven");
        assertThat(member.request(1).outputSchema()).isNotNull();
    }

    @Test
    void aSchemaIsStoredAndNeedNotBeGivenAgain() throws Exception {
        var schema = TypeRef.ofSchema("{\"type\": \"array\", \"items\": {\"type\": \"string\"}}");
        var run = agent(ScriptedModel.of(CALLS))
                .tools(BOOK)
                .build()
                .run("Go", schema, SESSION)
                .output();
        var row = leave(other, Runs.shared().handle(run.runId()).orElseThrow());
        var model = ScriptedModel.of(Script.text("{\"value\": [7]}"), SEVEN);
        var again = agent(model).tools(BOOK).build();
        assertThatThrownBy(() -> again.continueRun(row.runId(), SEATS, confirmed(row)))
                .hasMessageContaining("continue it with that schema, or without a type");
        var output = again.continueRun(row.runId(), confirmed(row)).await(LONG);
        assertThat(output.text()).isEqualTo("{\"value\": [\"seven\"]}");
        assertThat(output.answerType()).isEqualTo("answer");
        assertThat(row(other, row.runId()).answerType()).isEqualTo("answer");
        assertThat(model.request(1).outputSchema()).isNotNull();
    }

    @Test
    void aWorkflowAnswersWithItsTypeElsewhere() throws Exception {
        var row = pausedTyped(workflow(
                Step.of("look", input -> StepOutput.of("seats")),
                Step.of("book", agent(ScriptedModel.of(CALLS)).tools(BOOK).build())));
        var book = Step.of("book", agent(ScriptedModel.of(SEVEN)).tools(BOOK).build());
        var again = workflow(Step.of("look", input -> StepOutput.of("seats")), book);
        assertThat(again.continueRun(row.runId(), SEATS, confirmed(row)).value())
                .containsExactly("seven");
    }

    @Test
    void aStepThatIsNoLongerTheLastOneGoesOnAsItWasStarted() throws Exception {
        var row = pausedTyped(workflow(
                Step.of("book", agent(ScriptedModel.of(CALLS)).tools(BOOK).build())));
        var again = workflow(
                Step.of("book", agent(ScriptedModel.of(SEVEN)).tools(BOOK).build()),
                Step.of("more", input -> StepOutput.of("[\"eight\"]")));
        assertThat(again.continueRun(row.runId(), SEATS, confirmed(row)).value())
                .containsExactly("eight");
    }

    @Test
    void aStepThatHasBecomeTheLastOneGoesOnWithText() throws Exception {
        var row = pausedTyped(workflow(
                Step.of("book", agent(ScriptedModel.of(CALLS)).tools(BOOK).build()),
                Step.of("more", input -> StepOutput.of("[\"eight\"]"))));
        var model = ScriptedModel.of(Script.text("[\"nine\"]"));
        var again = workflow(Step.of("book", agent(model).tools(BOOK).build()));
        assertThat(again.continueRun(row.runId(), SEATS, confirmed(row)).value())
                .containsExactly("nine");
        assertThat(model.request(1).outputSchema()).isNull();
    }
}
