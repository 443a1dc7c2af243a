package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.model.Message;
import dev.rein.model.ToolCall;
import dev.rein.run.RunInput;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects as inputs, the type of inputs, and example messages. */
class InputSettingsTest {
    private record Trip(String to, LocalDate day, Optional<String> note, Duration stay) {}

    private record Order(String article, int count) {}

    private static final String GOOD = "{\"article\":\"lamp\",\"count\":2}";
    private final TestModel model = TestModel.of(says("Done"));

    private Agent agent() {
        return Agent.builder().id("shop").model(model).inputType(Order.class).build();
    }

    private String told() {
        return model.asked(0).getLast().content();
    }

    @Test
    void anObjectIsAnInputAsJson() {
        var trip = new Trip("Rome", LocalDate.of(2026, 5, 1), Optional.empty(), Duration.ofDays(2));
        assertThat(RunInput.of(trip).text())
                .isEqualTo("{\"to\":\"Rome\",\"day\":\"2026-05-01\",\"note\":null,\"stay\":\"PT48H\"}");
        assertThat(RunInput.of(List.of(1, Map.of("file", Path.of("a.txt")))).text())
                .isEqualTo("[1,{\"file\":\"a.txt\"}]");
        assertThat(RunInput.of((Object) "plain").text()).isEqualTo("plain");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunInput.of(new Object()))
                .withMessageContaining("a java.lang.Object, can't be written as JSON");
    }

    @Test
    void anInputOfTheTypeIsPassedOnAsItIs() {
        assertThat(agent().run(RunInput.of(new Order("lamp", 2)), RunOptions.defaults())
                        .isCompleted())
                .isTrue();
        assertThat(told()).isEqualTo(GOOD);
    }

    @Test
    void anotherInputIsRejectedBeforeARunExists() {
        var live = Runs.shared().live().size();
        var agent = agent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("two lamps"))
                .withMessageContaining("the input of shop is not a valid Order")
                .withMessageContaining("it is not valid JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.start("{\"article\":\"lamp\",\"count\":\"many\"}"))
                .withMessageContaining("count")
                .withMessageContaining("many");
        assertThatIllegalArgumentException().isThrownBy(() -> agent.stream(""));
        assertThat(model.requests()).isEmpty();
        assertThat(Runs.shared().live()).hasSize(live);
    }

    @Test
    void theTypeOfInputsMayBeASchema() {
        var agent = Agent.builder()
                .id("shop")
                .model(model)
                .inputType(TypeRef.ofSchema("{\"title\": \"Count\", \"type\": \"object\", \"required\": [\"count\"]}"))
                .build();
        assertThat(agent.run("{\"count\": 1}").isCompleted()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("{}"))
                .withMessageContaining("JSON of the schema \"Count\"")
                .withMessageContaining("\"count\" is missing");
    }

    @Test
    void aWorkflowAndATeamCheckTheirInputsToo() {
        var workflow = Workflow.builder()
                .id("flow")
                .inputType(Order.class)
                .steps(Step.of("x", input -> StepOutput.of(input.text())))
                .build();
        assertThat(workflow.run(GOOD).text()).isEqualTo(GOOD);
        assertThatIllegalArgumentException().isThrownBy(() -> workflow.run("x"));
        var team = Team.builder()
                .id("crew")
                .inputType(Order.class)
                .model(model)
                .members(agent())
                .build();
        assertThat(team.run(GOOD).isCompleted()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> team.run("x"));
    }

    @Test
    void theLeaderReadsWhyAMemberDoesNotTakeItsTask() {
        var leader = TestModel.of(
                calls(new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"shop\",\"task\":\"two lamps\"}")),
                calls(new ToolCall(
                        "c2",
                        "delegate_task_to_member",
                        "{\"member_id\":\"shop\",\"task\":\"{\\\"article\\\":\\\"lamp\\\",\\\"count\\\":2}\"}")),
                says("Ordered"));
        var output = Team.builder()
                .id("crew")
                .model(leader)
                .members(agent())
                .build()
                .run("Go")
                .orThrow();
        assertThat(Objects.requireNonNull(output.tools().getFirst().result()))
                .contains("the input of shop is not a valid Order");
        assertThat(output.tools().getLast().result()).isEqualTo("Done");
    }

    @Test
    void exampleMessagesComeBeforeTheHistoryAndAreNotStored() {
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(model)
                .instructions("Calculate.")
                .exampleMessages(Message.user("2 + 2"), Message.assistant("4"))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .addHistory(5)
                .build();
        agent.run("1 + 1", RunOptions.defaults().sessionId("s")).orThrow();
        agent.run("3 + 3", RunOptions.defaults().sessionId("s")).orThrow();
        assertThat(model.asked(1))
                .extracting(Message::content)
                .containsExactly("Calculate.", "2 + 2", "4", "1 + 1", "Done", "3 + 3");
        assertThat(store.runs("s").getLast().messages())
                .extracting(Message::content)
                .containsExactly("3 + 3", "Done");
    }

    @Test
    void exampleMessagesAreThoseOfAUserAndAnAssistantInTurns() {
        var builder = Agent.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.exampleMessages(Message.assistant("4")))
                .withMessageContaining("example message 0 is one of ASSISTANT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.exampleMessages(Message.user("2 + 2")))
                .withMessageContaining("give an answer to it");
    }
}
