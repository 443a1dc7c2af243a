package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelledException;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Stops from another thread at every point where a model waits. None of them needs an interrupt. */
class StopTest {

    private static final ModelRequest STORY = ModelRequest.of(Message.user("Tell me a story"));
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final RecordingModelCall call = new RecordingModelCall();
    private FakeProvider provider;

    @BeforeEach
    void start() {
        provider = FakeProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> waits() {
        var all = new ArrayList<Arguments>();
        for (var api : Api.values()) {
            for (var thread : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                for (var point : HangPoint.values()) {
                    all.add(Arguments.of(api, thread, point));
                }
            }
        }
        return all.stream();
    }

    static Stream<Arguments> threads() {
        return Stream.of(Api.values())
                .flatMap(api ->
                        Stream.of(Arguments.of(api, Thread.ofPlatform()), Arguments.of(api, Thread.ofVirtual())));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void stopWhileTheServerHangsClosesTheConnection(Api api, Thread.Builder thread, HangPoint point) {
        provider.enqueue(Script.hangs(point));
        var response = call.start(api.at(provider), STORY, thread);
        var exchange = provider.awaitRequest(1).awaitHanging();

        call.cancellation.stop();

        assertThat(response)
                .failsWithin(AT_MOST)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        exchange.awaitClosed(AT_MOST);
        assertThat(call.texts).isEmpty();
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void stopInMidStreamKeepsTheReceivedTextAndDeliversNoMore(Api api, Thread.Builder thread) {
        provider.enqueue(Script.tokens("one ", "two ", "three ").hangAfter(3).thenTokens("four"));
        var response = call.start(api.at(provider), STORY, thread);
        var exchange = provider.awaitRequest(1).awaitHanging();
        await().until(() -> call.texts.size() == 3);

        call.cancellation.stop();

        assertThat(response)
                .failsWithin(AT_MOST)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        exchange.awaitClosed(AT_MOST);
        assertThat(call.text()).isEqualTo("one two three ");
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void stopOfARunningStreamEndsIt(Api api, Thread.Builder thread) {
        provider.enqueue(Script.forever(Duration.ofMillis(1)));
        var response = call.start(api.at(provider), STORY, thread);
        await().until(() -> call.texts.size() >= 20);

        call.cancellation.stop();
        var delivered = call.texts.size();

        assertThat(response)
                .failsWithin(AT_MOST)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        provider.awaitRequest(1).awaitClosed(AT_MOST);
        assertThat(call.texts.size()).isBetween(delivered, delivered + 1);
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @EnumSource
    void stopBeforeTheCallSendsNothing(Api api) {
        call.cancellation.stop();

        assertThatThrownBy(() -> api.at(provider).respond(STORY, call)).isInstanceOf(CancelledException.class);

        assertNoTraceIsLeft(0);
        assertThat(provider.openConnections()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void stopWhileAnErrorBodyHangsIsReportedAsAStop(Api api) throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf of it")) {
            var response = call.start(api.at(server.baseUrl()), STORY, Thread.ofVirtual());
            server.awaitAnswered();

            call.cancellation.stop();

            assertThat(response)
                    .failsWithin(AT_MOST)
                    .withThrowableOfType(Exception.class)
                    .havingCause()
                    .isInstanceOf(CancelledException.class);
            server.awaitClosedByClient();
        }
    }

    @Test
    void interruptOfTheWaitingThreadDoesNotLeakTheRequest() throws Exception {
        provider.enqueue(Script.hangs(HangPoint.BEFORE_HEADERS));
        var model = Api.CHAT.at(provider);
        var thread = Thread.ofVirtual().start(() -> {
            try {
                model.respond(STORY, call);
            } catch (RuntimeException e) {
                // Other tests check the exception.
            }
        });
        var exchange = provider.awaitRequest(1).awaitHanging();

        thread.interrupt();

        exchange.awaitClosed(AT_MOST);
        assertThat(thread.join(AT_MOST)).isTrue();
    }

    @Test
    void hundredsOfWaitingCallsStopAtOnce() {
        provider.byDefault(Script.hangs(HangPoint.AFTER_HEADERS));
        var model = Api.CHAT.at(provider);
        var calls = Stream.generate(RecordingModelCall::new).limit(300).toList();
        var responses = calls.stream()
                .map(c -> c.start(model, STORY, Thread.ofVirtual()))
                .toList();
        provider.awaitRequest(300).awaitHanging();

        calls.forEach(c -> c.cancellation.stop());

        assertThat(responses).allSatisfy(r -> assertThat(r).failsWithin(10, TimeUnit.SECONDS));
        await().until(() -> provider.openConnections() == 0);
    }

    private void assertNoTraceIsLeft(int requests) {
        assertThat(call.cancellation.registrations()).isZero();
        assertThat(provider.requestCount()).isEqualTo(requests);
        await().until(() -> provider.openConnections() == 0);
    }
}
