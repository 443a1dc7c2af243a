package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation11FiftyTokensInTest {
    private static final int TOKENS = 50;
    private static final String FIFTY =
            IntStream.rangeClosed(1, TOKENS).mapToObj(i -> "word" + i + " ").collect(Collectors.joining());

    private final InMemorySessionStore store = new InMemorySessionStore();

    @ParameterizedTest
    @EnumSource
    void theFiftyTokensAreTheContentToTheCharacter(Form form) {
        var model = ScriptedModel.of(Script.empty().hangAfter(TOKENS).forever());
        var run = form.start(
                Agent.builder()
                        .model(model)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build(),
                "Go");
        model.awaitWaiting(1);

        run.cancel();

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.text()).isEqualTo(FIFTY);
        assertThat(output.messages().getLast().content()).isEqualTo(FIFTY);
        assertThat(output.messages().getLast().interrupted()).isTrue();
        if (run.wasWatched()) {
            assertThat(run.events(RunContent.class)).hasSize(TOKENS);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void theServerGoesOnSendingAndNothingOfItIsDeliveredOrStored(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.forever(Duration.ofMillis(1)));
            var run = form.start(
                    Agent.builder()
                            .model(api.at(provider))
                            .store(store)
                            .storeWait(Waiting.LONG)
                            .build(),
                    "Go");
            run.awaitEvents(RunContent.class, TOKENS);

            run.cancel();
            var atCancel =
                    Runs.shared().handle(run.id()).map(handle -> handle.output().text());

            var output = RunInvariants.checkCancelled(run, store);
            assertThat(output.text()).startsWith(FIFTY);
            atCancel.ifPresent(text -> assertThat(output.text()).isEqualTo(text));
            provider.awaitRequest(1).awaitClosed(Waiting.SOON);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAdapterThatGoesOnReportingIsNotHeard(Form form) {
        var hanging = new Gate();
        var model = ScriptedModel.create().answerWith((request, call) -> {
            call.text("before");
            hanging.passDeaf();
            for (var i = 0; i < 10; i++) {
                try {
                    call.text(" after");
                } catch (RuntimeException e) {
                    // On purpose: it does not want to know.
                }
            }
            return ModelResponse.of("before after after");
        });
        var run = form.start(
                Agent.builder()
                        .model(model)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build(),
                "Go");
        hanging.awaitArrival();

        run.cancel();
        hanging.open();

        assertThat(RunInvariants.checkCancelled(run, store).text()).isEqualTo("before");
    }
}
