package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.Message;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation45TwoRunsOfOneSessionTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final RunOptions options = RunOptions.defaults().sessionId("conversation");

    private Agent agent(ScriptedModel model, String key, Object value, Gate gate) {
        return Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(10)
                .tools(Tools.tool("note", context -> {
                    context.sessionState().put(key, value);
                    context.sessionState().put("last", key);
                    gate.pass();
                    return "noted";
                }))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void theOtherIsUntouchedAndHistoryAndStateHoldBoth(Form form) {
        var seed = Agent.builder()
                .model(ScriptedModel.of("Hello."))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        RunInvariants.check(form.start(seed, "Hi", options.sessionState(Map.of("seed", 1))), store);
        var firstGate = new Gate();
        var secondGate = new Gate();
        var firstModel = ScriptedModel.of(Script.text("I note it.").thenToolCall("note", "{}"));
        var secondModel =
                ScriptedModel.of(Script.text("I note that.").thenToolCall("note", "{}"), Script.text("That is noted."));
        var first = form.start(agent(firstModel, "first", "cancelled", firstGate), "Note this", options);
        firstGate.awaitArrival();
        var second = form.start(agent(secondModel, "second", "completed", secondGate), "Note that", options);
        secondGate.awaitArrival();
        assertThat(Runs.shared().liveInSession("conversation")).hasSize(2);

        first.cancel();
        var cancelled = RunInvariants.checkCancelled(first, store);
        assertThat(second.isOver()).isFalse();
        assertThat(Runs.shared().liveInSession("conversation"))
                .singleElement()
                .extracting("runId")
                .isEqualTo(second.id());
        secondGate.open();
        var completed = RunInvariants.check(second, store);

        assertThat(completed.isCompleted()).isTrue();
        assertThat(completed.requests()).isEmpty();
        assertThat(completed.text()).isEqualTo("That is noted.");
        assertThat(cancelled.stateConflicts()).isEmpty();
        assertThat(completed.stateConflicts()).containsExactly("last");
        assertThat(store.session("conversation").orElseThrow().state())
                .isEqualTo(Map.of("seed", 1, "first", "cancelled", "second", "completed", "last", "second"));
        assertThat(store.runs("conversation")).hasSize(3);
        theNextRequestHasBothInTheOrderOfTheirStart(form);
    }

    private void theNextRequestHasBothInTheOrderOfTheirStart(Form form) {
        var model = ScriptedModel.of("I see.");
        var next = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(10)
                .build();
        RunInvariants.check(form.start(next, "And now?", options), store);

        var messages = model.request(1).messages();
        MessageRules.checkAll(messages);
        var told = messages.stream().map(Message::content).toList();
        assertThat(told)
                .containsSubsequence(
                        "Hi",
                        "Hello.",
                        "Note this",
                        "I note it.",
                        "Note that",
                        "I note that.",
                        "noted",
                        "That is noted.",
                        "And now?");
        assertThat(told.get(told.indexOf("I note it.") + 1)).contains("effects are unknown");
    }

    @ParameterizedTest
    @EnumSource
    void neitherSeesTheMessagesOfTheOtherWhileBothRun(Form form) {
        var firstModel = ScriptedModel.create().waitsForever();
        var secondModel = ScriptedModel.of("Done.");
        var first = form.start(
                Agent.builder()
                        .model(firstModel)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .addHistory(10)
                        .build(),
                "First",
                options);
        firstModel.awaitWaiting(1);
        var second = form.start(
                Agent.builder()
                        .model(secondModel)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .addHistory(10)
                        .build(),
                "Second",
                options);
        RunInvariants.check(second, store);

        assertThat(secondModel.request(1).messages()).containsExactly(Message.user("Second"));
        first.cancel();
        RunInvariants.checkCancelled(first, store);
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void onlyTheConnectionOfTheCancelledOneIsClosed(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(
                    Script.text("Once upon a time").hangAfter(2),
                    Script.text("There was a dragon").hangAfter(2));
            var agent = Agent.builder()
                    .model(api.at(provider))
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .build();
            var first = form.start(agent, "First", options);
            var firstExchange = provider.awaitRequest(1).awaitHanging();
            var second = form.start(agent, "Second", options);
            var secondExchange = provider.awaitRequest(2).awaitHanging();

            first.cancel();
            firstExchange.awaitClosed(Waiting.SOON);
            RunInvariants.checkCancelled(first, store);
            assertThat(secondExchange.isHanging()).isTrue();
            secondExchange.release();

            assertThat(RunInvariants.check(second, store).text()).isEqualTo("There was a dragon");
            assertThat(List.of(first, second)).allMatch(Started::isOver);
        }
    }
}
