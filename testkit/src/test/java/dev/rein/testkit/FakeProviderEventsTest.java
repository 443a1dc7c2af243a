package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams and bodies that tests write themselves. */
class FakeProviderEventsTest {
    private FakeProvider provider;

    @BeforeEach
    void start() {
        provider = FakeProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestClients.CHAT, TestClients.CHAT_WHOLE})
    void sendsExactlyTheEventsOfTheScript(String request) throws Exception {
        provider.enqueue(Script.events("{\"a\":1}", "two\nlines", "")
                .thenEvent("error", "{\"code\":429}")
                .thenRaw("{\"not\":\"an event\"}\n")
                .thenEvent("[DONE]"));

        var answer = TestClients.send(provider, "/chat/completions", request);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
                data: {"a":1}

                data: two
                data: lines

                data:\s

                event: error
                data: {"code":429}

                {"not":"an event"}
                data: [DONE]

                """);
        provider.awaitRequest(1).awaitCompleted();
    }

    @Test
    void sendsEventsWithAnotherContentType() throws Exception {
        provider.enqueue(Script.events("{}").contentType("application/json"), Script.text("hi"));

        var events = TestClients.send(provider, "/responses", TestClients.RESPONSE);
        var usual = TestClients.send(provider, "/responses", TestClients.RESPONSE);

        assertThat(events.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(events.body()).isEqualTo("data: {}\n\n");
        assertThat(usual.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
    }

    @Test
    void cutsAStreamOfItsOwnEvents() {
        provider.enqueue(Script.events("{\"a\":1}").thenCut());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> TestClients.send(provider, "/chat/completions", TestClients.CHAT));
        assertThat(provider.awaitRequest(1).outcome()).isEqualTo(Exchange.Outcome.CUT);
    }
}
