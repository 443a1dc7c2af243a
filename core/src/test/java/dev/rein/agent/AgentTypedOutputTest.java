package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Role;
import dev.rein.run.RunFailedException;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AgentTypedOutputTest {
    record Movie(String title, int year, List<String> cast) {}

    private static final String GOOD = "{\"title\":\"Alien\",\"year\":1979,\"cast\":[\"Weaver\"]}";

    @Test
    void anAnswerThatFitsBecomesAValue() {
        var model = TestModel.of(says(GOOD));
        var typed = Agent.of(model, "").run("A film", Movie.class);
        assertThat(typed.value()).isEqualTo(new Movie("Alien", 1979, List.of("Weaver")));
        assertThat(typed.output().isCompleted()).isTrue();
        assertThat(typed.output().text()).isEqualTo(GOOD);
        var schema = Objects.requireNonNull(model.requests().getFirst().outputSchema());
        assertThat(schema.name()).isEqualTo("Movie");
        assertThat(schema.schema().path("properties").path("year").path("type").asText())
                .isEqualTo("integer");
    }

    record Größe(int zahl) {}

    @Test
    void theNameOfTheSchemaIsOneThatProvidersAccept() {
        var model = TestModel.of(says("{\"zahl\":1}"), says("[1]"));
        var agent = Agent.of(model, "");
        assertThat(agent.run("How large?", Größe.class).value()).isEqualTo(new Größe(1));
        assertThat(agent.run("How large?", Integer[].class).value()).containsExactly(1);
        assertThat(model.requests())
                .extracting(request ->
                        Objects.requireNonNull(request.outputSchema()).name())
                .containsExactly("Gr__e", "Integer__");
    }

    @Test
    void aTypeThatJsonCantExpressIsRefusedBeforeARunExists() {
        var model = TestModel.of(says("1"));
        var agent = Agent.of(model, "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("Hi", Thread.class))
                .withMessageContaining("java.lang.Thread");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("Hi", void.class))
                .withMessageContaining("type void can't be read from JSON");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void withoutATypeNoSchemaIsSent() {
        var model = TestModel.of(says("Hello"));
        Agent.of(model, "").run("Hi");
        assertThat(model.requests().getFirst().outputSchema()).isNull();
    }

    @Test
    void anAnswerThatDoesNotFitIsAskedForAgainWithTheReason() {
        var model = TestModel.of(
                says("{\"title\":\"Alien\",\"year\":\"old\",\"cast\":[]}"), says("Sure! Here it is"), says(GOOD));
        var typed = Agent.of(model, "").run("A film", Movie.class);
        assertThat(typed.value().year()).isEqualTo(1979);
        assertThat(model.requests()).hasSize(3);
        var told = model.told(1);
        assertThat(told.role()).isEqualTo(Role.USER);
        assertThat(told.content())
                .startsWith("Your answer is not valid: ")
                .contains("year", "Answer again with nothing but JSON of this schema", "\"integer\"");
        assertThat(model.asked(1).get(1).content()).contains("\"old\"");
        assertThat(model.told(2).content()).startsWith("Your answer is not valid: ");
    }

    @Test
    void anAnswerThatNeverFitsIsAnError() {
        var model = TestModel.of(says("no"));
        var typed = Agent.builder().model(model).outputRetries(1).build().run("A film", Movie.class);
        assertThat(typed.output().status()).isEqualTo(RunStatus.ERROR);
        assertThat(model.requests()).hasSize(2);
        assertThat(typed.output().failure())
                .isNotNull()
                .satisfies(failure ->
                        assertThat(failure.message()).startsWith("the model's answer is not a valid Movie: "));
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(typed::value)
                .withMessageContaining("run " + typed.output().runId() + " of "
                        + typed.output().componentId() + " failed with ")
                .withMessageContaining("the model's answer is not a valid Movie");
    }

    @Test
    void toolsMayBeCalledOnTheWayToAValue() {
        var model = TestModel.of(calls("search"), says(GOOD));
        var typed = Agent.builder()
                .model(model)
                .tools(TestTools.tool("search", context -> "Alien"))
                .build()
                .run("A film", Movie.class);
        assertThat(typed.value().title()).isEqualTo("Alien");
    }

    @Test
    void aCancelledRunHasNoValueAndSaysWhy() throws Exception {
        var model = TestModel.of(hangs());
        var agent = Agent.of(model, "");
        var canceller = Thread.ofVirtual().start(() -> {
            model.awaitRequests(1);
            Runs.shared().cancel("typed-cancelled", CancelRequest.now().reason("not wanted any more"));
        });
        var typed = agent.run(
                RunInput.of("A film"), Movie.class, RunOptions.defaults().runId("typed-cancelled"));
        canceller.join();
        assertThat(typed.output().isCancelled()).isTrue();
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(typed::value)
                .withMessageStartingWith("run typed-cancelled of "
                        + typed.output().componentId() + " was cancelled (USER): not wanted any more");
    }

    @Test
    void aFailedRunHasNoValueAndSaysWhy() {
        var typed = Agent.of(
                        TestModel.of((request, call) -> {
                            throw new IllegalArgumentException("broken");
                        }),
                        "")
                .run("A film", Movie.class);
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(typed::value)
                .withMessageContaining(" failed with ")
                .withMessageContaining("broken");
    }
}
