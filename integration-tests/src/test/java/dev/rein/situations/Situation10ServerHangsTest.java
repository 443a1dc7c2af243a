package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Situation10ServerHangsTest {
    private final FakeProvider provider = FakeProvider.start();
    private final InMemorySessionStore store = new InMemorySessionStore();

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> hangs() {
        return apisAndForms()
                .flatMap(both ->
                        Stream.of(HangPoint.values()).map(point -> Arguments.of(both.get()[0], both.get()[1], point)));
    }

    static Stream<Arguments> apisAndForms() {
        return Stream.of(Api.values()).flatMap(api -> Stream.of(Form.values()).map(form -> Arguments.of(api, form)));
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void cancelBeforeTheFirstTokenClosesTheSocket(Api api, Form form, HangPoint point) {
        provider.enqueue(Script.hangs(point));
        cancelClosesTheSocket(api, form, "");
    }

    @ParameterizedTest
    @MethodSource("apisAndForms")
    void cancelInMidStreamClosesTheSocket(Api api, Form form) {
        provider.enqueue(Script.text("Once upon a time there was a dragon").hangAfter(3));
        cancelClosesTheSocket(api, form, "Once upon a");
    }

    @ParameterizedTest
    @MethodSource("apisAndForms")
    void cancelWhileAToolCallIsStreamedClosesTheSocket(Api api, Form form) {
        provider.enqueue(Script.text("Let me look.")
                .thenToolCall("look", "{\"where\":\"behind the second mountain\"}")
                .hangAfter(5));
        cancelClosesTheSocket(api, form, "Let me look.");
    }

    private void cancelClosesTheSocket(Api api, Form form, String delivered) {
        var agent = Agent.builder()
                .model(api.at(provider))
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.instant("look"))
                .build();
        var run = form.start(agent, "Tell me a story");
        var exchange = provider.awaitRequest(1).awaitHanging();
        if (!delivered.isEmpty()) {
            Waiting.until("the text", () -> run.handle().output().text().equals(delivered));
        }

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        exchange.awaitClosed(Waiting.SOON);
        var output = run.end(Waiting.SOON);
        RunInvariants.checkCancelled(run, store);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo(delivered);
        assertThat(output.abandoned()).isEmpty();
        assertThat(provider.requestCount()).isEqualTo(1);
        Waiting.until("no connection is left", () -> provider.openConnections() == 0);
    }
}
