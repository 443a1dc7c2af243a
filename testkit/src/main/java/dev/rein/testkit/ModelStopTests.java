package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.cancel.CancelledException;
import dev.rein.model.Model;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The part of {@link ModelContract} about stops, from another thread and at every point where a model waits. None needs an interrupt. */
abstract class ModelStopTests extends ModelContractSetup {

    static Stream<Arguments> threadsAndPoints() {
        return threads().flatMap(thread -> Stream.of(HangPoint.values()).map(point -> Arguments.of(thread, point)));
    }

    static Stream<Thread.Builder> threads() {
        return Stream.of(Thread.ofPlatform(), Thread.ofVirtual());
    }

    @ParameterizedTest
    @MethodSource("threadsAndPoints")
    void aStopBeforeTheFirstTokenClosesTheConnection(Thread.Builder thread, HangPoint point) {
        provider.enqueue(Script.hangs(point));
        var response = call.start(model(), HELLO, thread);
        var exchange = provider.awaitRequest(1).awaitHanging();

        call.stop();

        assertCancelled(response);
        exchange.awaitClosed(PATIENCE);
        assertThat(call.texts()).isEmpty();
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aStopInMidStreamKeepsTheReceivedTextAndDeliversNoMore(Thread.Builder thread) {
        provider.enqueue(Script.tokens("one ", "two ", "three ").hangAfter(3).thenTokens("four"));
        var response = call.start(model(), HELLO, thread);
        var exchange = provider.awaitRequest(1).awaitHanging();
        await("three tokens", () -> call.texts().size() == 3);

        call.stop();

        assertCancelled(response);
        exchange.awaitClosed(PATIENCE);
        assertThat(call.text()).isEqualTo("one two three ");
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aStopOfARunningStreamEndsIt(Thread.Builder thread) {
        provider.enqueue(Script.forever(Duration.ofMillis(1)));
        var response = call.start(model(), HELLO, thread);
        await("twenty tokens", () -> call.texts().size() >= 20);

        call.stop();
        var delivered = call.texts().size();

        assertCancelled(response);
        provider.awaitRequest(1).awaitClosed(PATIENCE);
        assertThat(call.texts().size()).isBetween(delivered, delivered + 1);
        assertNoTraceIsLeft(1);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aStopWithinTheArgumentsOfAToolCallEndsTheCallWithoutAResponse(Thread.Builder thread) {
        var request = new ModelRequest(HELLO.messages(), List.of(WEATHER), null);
        provider.enqueue(Script.text("Let me look")
                .thenToolCall("weather", "{\"city\":\"Llanfairpwllgwyngyll\",\"days\":3}")
                .hangAfter(5));
        var response = call.start(model(), request, thread);
        var exchange = provider.awaitRequest(1).awaitHanging();
        await("the text", () -> call.text().equals("Let me look"));

        call.stop();

        assertCancelled(response);
        exchange.awaitClosed(PATIENCE);
        assertNoTraceIsLeft(1);
    }

    @Test
    void aStopWithinTheReasoningEndsTheCall() {
        needs(ModelCapability.REASONING);
        provider.enqueue(Script.empty().thenReasoning("Let me think about it").hangAfter(3));
        var response = call.start(model(), HELLO, Thread.ofVirtual());
        var exchange = provider.awaitRequest(1).awaitHanging();

        call.stop();

        assertCancelled(response);
        exchange.awaitClosed(PATIENCE);
        assertNoTraceIsLeft(1);
    }

    @Test
    void aStopBeforeTheCallSendsNothing() {
        call.stop();

        assertThatThrownBy(() -> model().respond(HELLO, call)).isInstanceOf(CancelledException.class);

        assertNoTraceIsLeft(0);
        assertThat(provider.openConnections()).isZero();
    }

    @Test
    void anInterruptOfTheWaitingThreadDoesNotLeakTheRequest() throws Exception {
        provider.enqueue(Script.hangs(HangPoint.BEFORE_HEADERS));
        var model = model();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                model.respond(HELLO, call);
            } catch (RuntimeException e) {
                // Other tests check the exception.
            }
        });
        var exchange = provider.awaitRequest(1).awaitHanging();

        thread.interrupt();

        exchange.awaitClosed(PATIENCE);
        assertThat(thread.join(PATIENCE)).isTrue();
        assertThat(call.registrations()).isZero();
    }

    @Test
    void aHundredWaitingCallsStopAtOnce() {
        provider.byDefault(Script.hangs(HangPoint.AFTER_HEADERS));
        var model = model();
        var calls = Stream.generate(RecordingModelCall::new).limit(100).toList();
        var responses = calls.stream()
                .map(each -> each.start(model, HELLO, Thread.ofVirtual()))
                .toList();
        provider.awaitRequest(100);
        provider.exchanges().forEach(Exchange::awaitHanging);

        calls.forEach(RecordingModelCall::stop);

        responses.forEach(ModelStopTests::assertCancelled);
        await("the end of all connections", () -> provider.openConnections() == 0);
    }

    @Test
    void stopsLeakNeitherThreadsNorConnections() {
        var model = model();
        provider.enqueue(Script.text("So that the client exists"), Script.hangs(HangPoint.BEFORE_HEADERS));
        model.respond(HELLO, new RecordingModelCall());
        stopWhileItHangs(model, 2);
        try (var leaks = LeakCheck.begin()) {
            var requests = 2;
            for (var point : HangPoint.values()) {
                for (var i = 0; i < 5; i++) {
                    provider.enqueue(Script.hangs(point));
                    stopWhileItHangs(model, ++requests);
                }
            }
            leaks.verify(PATIENCE);
        }
    }

    private void stopWhileItHangs(Model model, int request) {
        var stopped = new RecordingModelCall();
        var response = stopped.start(model, HELLO, Thread.ofVirtual());
        var exchange = provider.awaitRequest(request).awaitHanging();
        stopped.stop();
        assertCancelled(response);
        exchange.awaitClosed(PATIENCE);
    }

    private static void assertCancelled(CompletableFuture<ModelResponse> response) {
        assertThat(response)
                .failsWithin(PATIENCE)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
    }

    private void assertNoTraceIsLeft(int requests) {
        assertThat(call.registrations()).isZero();
        assertThat(provider.requestCount()).isEqualTo(requests);
        await("the end of all connections", () -> provider.openConnections() == 0);
    }
}
