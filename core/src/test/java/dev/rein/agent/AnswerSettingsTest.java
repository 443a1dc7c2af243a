package dev.rein.agent;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepValues;
import dev.rein.workflow.Workflow;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The settings of answers: their type, their format, and what the model is told of today. */
class AnswerSettingsTest {
    record Place(String name) {}

    private static final String JSON = "{\"name\":\"Bern\"}";

    private static AgentBuilder agent(TestModel model) {
        return Agent.builder().id("a").model(model);
    }

    @Test
    void anAgentAnswersWithItsTypeHoweverItIsRun() throws Exception {
        var model = TestModel.of(says("prose"), says(JSON));
        var agent = agent(model).answersWith(Place.class).build();

        assertThat(agent.run("Where?").text()).isEqualTo(JSON);
        assertThat(model.requests().getFirst().outputSchema()).isNotNull();
        assertThat(Events.end(agent.start("Where?")).text()).isEqualTo(JSON);
        try (var stream = agent.stream("Where?")) {
            Events.rest(stream);
            assertThat(stream.output().text()).isEqualTo(JSON);
        }
        assertThat(agent.run("Where?", Place.class).value()).isEqualTo(new Place("Bern"));
    }

    @Test
    void theTypeOfARunComesFirst() {
        var model = TestModel.of(says("[1,2]"));
        var agent = agent(model).answersWith(Place.class).build();

        assertThat(agent.run("Numbers", new TypeRef<List<Integer>>() {}).value())
                .containsExactly(1, 2);
    }

    @Test
    void aTypeThatJsonCannotExpressIsRejectedByTheBuilder() {
        assertThatThrownBy(() -> Agent.builder().answersWith(Thread.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Agent.builder().answersWith(List.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stepsReadTheValuesOfAgents() {
        var seen = new AtomicReference<Place>();
        var typed = agent(TestModel.of(says(JSON))).answersWith(Place.class).build();
        Workflow.builder()
                .steps(
                        Loop.of("until Bern", Step.of("find", typed))
                                .until(results -> StepValues.read(results.getLast(), Place.class)
                                        .name()
                                        .equals("Bern")),
                        Step.of("read", input -> {
                            seen.set(input.value("find", Place.class));
                            return StepOutput.of("ok");
                        }))
                .build()
                .run("Hi")
                .orThrow();

        assertThat(seen.get()).isEqualTo(new Place("Bern"));
    }

    @Test
    void aValueThatIsNoneSaysWhy() {
        var output = Workflow.builder()
                .steps(
                        Step.of("find", input -> StepOutput.of("prose")),
                        Step.of(
                                "read",
                                input -> StepOutput.of(
                                        input.value("find", Place.class).name())))
                .build()
                .run("Hi");
        assertThat(output.failure().message()).contains("step \"find\" is not a valid Place", "answersWith(..)");

        var unknown = Workflow.builder()
                .steps(Step.of(
                        "read",
                        input -> StepOutput.of(input.value("none", Place.class).name())))
                .build()
                .run("Hi");
        assertThat(unknown.failure().message()).contains("\"none\" has no result so far");
    }

    @Test
    void aTeamAnswersWithItsTypeAlsoInRouteAndMembersWithTheirs() {
        var member = TestModel.of(says(JSON));
        var call = new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"a\",\"task\":\"go\"}");
        var leader = TestModel.of(TestModel.calls(call), says("never asked"));
        var route = Team.builder()
                .mode(TeamMode.ROUTE)
                .model(leader)
                .members(agent(member).build())
                .answersWith(Place.class)
                .build();
        assertThat(route.run("Where?").text()).isEqualTo(JSON);
        assertThat(member.requests().getFirst().outputSchema()).isNotNull();

        var other = TestModel.of(says("prose"), says(JSON));
        var coordinate = Team.builder()
                .model(TestModel.of(TestModel.calls(call), says("done")))
                .members(agent(other).answersWith(Place.class).build())
                .build();
        assertThat(coordinate.run("Where?").tools().getFirst().result()).isEqualTo(JSON);
    }

    @Test
    void markdownAndTheDateFollowTheInstructions() {
        var model = TestModel.of(says("ok"));
        agent(model)
                .instructions("Be brief.")
                .markdown(true)
                .addDateTime(ZoneId.of("Europe/Berlin"))
                .build()
                .run("Hi", RunOptions.defaults().instructions("Be kind."));
        var system = model.asked(0).getFirst().content();

        assertThat(system)
                .startsWith(
                        "Be brief.\n\nBe kind.\n\nFormat your answer in Markdown.\n\nThe current date and time are ")
                .endsWith("(Europe/Berlin).");
    }

    @Test
    void theDateIsThatOfTheZone() {
        var model = TestModel.of(says("ok"));
        var before = LocalDate.now(ZoneOffset.ofHours(14));
        agent(model).addDateTime(ZoneOffset.ofHours(14)).build().run("Hi");
        var after = LocalDate.now(ZoneOffset.ofHours(14));
        var format = DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu", Locale.ENGLISH);

        assertThat(model.asked(0).getFirst().content()).containsAnyOf(before.format(format), after.format(format));
    }

    @Test
    void typedAnswersAreNotMarkdown() {
        var model = TestModel.of(says(JSON));
        agent(model).markdown(true).build().run("Where?", Place.class);

        assertThat(model.asked(0).toString()).doesNotContain("Markdown");
    }

    @Test
    void aHistoryNeedsASession() {
        var agent = agent(TestModel.of(says("ok")))
                .store(new InMemorySessionStore())
                .addHistory(3)
                .build();

        assertThatThrownBy(() -> agent.run("Hi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("addHistory(3)", "sessionId(..)", "conversation()");
        assertThat(agent.run("Hi", RunOptions.defaults().sessionId("s")).status())
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aConversationHasASessionOfItsOwn() throws Exception {
        var model = TestModel.of(says("one"), says("two"), says(JSON));
        var agent = agent(model).store(new InMemorySessionStore()).addHistory(5).build();
        var conversation = agent.conversation();
        conversation.run("Hi").orThrow();
        try (var stream = conversation.stream("And?")) {
            Events.rest(stream);
        }
        assertThat(conversation.run("Where?", Place.class).value()).isEqualTo(new Place("Bern"));
        assertThat(model.asked(2))
                .extracting(each -> each.content())
                .containsExactly("Hi", "one", "And?", "two", "Where?");

        var other = agent.conversation();
        assertThat(other.sessionId()).isNotEqualTo(conversation.sessionId());
        assertThat(Events.end(other.start("Anew")).messages()).hasSize(2);
    }

    @Test
    void aConversationNeedsAHistory() {
        assertThatThrownBy(() -> agent(TestModel.of(says("ok"))).build().conversation())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("addHistory(..)");
    }
}
