package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation18ParallelToolsTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final ScriptedModel model = ScriptedModel.create()
            .answer(Script.empty()
                    .thenToolCall("one", "{}")
                    .thenToolCall("two", "{}")
                    .thenToolCall("three", "{}")
                    .thenToolCall("four", "{}"))
            .answer("never asked for");
    private final Gate two = new Gate();
    private final Gate four = new Gate();

    private Started twoOfFourAreDone(Form form) {
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(
                        Tools.instant("one"),
                        Tools.waiting("two", two),
                        Tools.instant("three"),
                        Tools.waiting("four", four))
                .build();
        var run = form.start(agent, "Go");
        run.awaitEvents(ToolCallCompleted.class, 2);
        two.awaitArrival();
        four.awaitArrival();
        return run;
    }

    private static List<Message> results(List<Message> messages) {
        return messages.stream().filter(message -> message.role() == Role.TOOL).toList();
    }

    @ParameterizedTest
    @EnumSource
    void nowKeepsTheTwoResultsAndWritesTwoSyntheticOnes(Form form) {
        var run = twoOfFourAreDone(form);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.tools())
                .extracting(ToolExecution::result)
                .containsExactly("one is done", null, "three is done", null);
        var results = results(output.messages());
        assertThat(results).extracting(Message::toolName).containsExactly("one", "two", "three", "four");
        assertThat(results).extracting(Message::interrupted).containsExactly(false, true, false, true);
        assertThat(results.get(0).content()).isEqualTo("one is done");
        assertThat(results.get(1).content()).contains("effects are unknown");
        assertThat(results.get(2).content()).isEqualTo("three is done");
        assertThat(results.get(3).content()).contains("effects are unknown");
        assertThat(results(Objects.requireNonNull(store.run(run.id()).orElseThrow())
                        .messages()))
                .isEqualTo(results);
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void afterToolsKeepsFourAndMakesNoFurtherModelCall(Form form) {
        var run = twoOfFourAreDone(form);

        run.cancel(CancelRequest.afterTools());
        two.open();
        four.open();

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.tools())
                .extracting(ToolExecution::result)
                .containsExactly("one is done", "two is done", "three is done", "four is done");
        assertThat(results(output.messages())).extracting(Message::interrupted).containsOnly(false);
        assertThat(model.callsStarted()).isEqualTo(1);
        if (run.wasWatched()) {
            assertThat(run.events(ToolCallCompleted.class)).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneAfterTheOtherNowSaysWhichWereNeverStarted(Form form) {
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .sequentialTools(true)
                .tools(
                        Tools.instant("one"),
                        Tools.waiting("two", two),
                        Tools.instant("three"),
                        Tools.waiting("four", four))
                .build();
        var run = form.start(agent, "Go");
        two.awaitArrival();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        var results = results(output.messages());
        assertThat(results.get(0).content()).isEqualTo("one is done");
        assertThat(results.get(1).content()).contains("effects are unknown");
        assertThat(results.get(2).content()).contains("Not started");
        assertThat(results.get(3).content()).contains("Not started");
        assertThat(output.tools()).extracting(ToolExecution::toolName).containsExactly("one", "two");
        assertThat(four.hasArrivals()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aToolThatEndsAfterAGracefulStopBecameNowIsTooLate(Form form) {
        var run = twoOfFourAreDone(form);

        run.cancel(CancelRequest.afterTools());
        two.open();
        run.awaitEvents(ToolCallCompleted.class, 3);
        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        four.open();

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.tools())
                .extracting(ToolExecution::result)
                .containsExactly("one is done", "two is done", "three is done", null);
        assertThat(results(output.messages()).get(3).interrupted()).isTrue();
    }
}
