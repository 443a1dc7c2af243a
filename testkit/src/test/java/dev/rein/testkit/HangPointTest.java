package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HangPointTest {
    private static final Duration NOTICED = Duration.ofMinutes(1);
    private static final int QUIET_MILLIS = 100;

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    /** A path, a script, and the data that the client has received when it hangs. */
    static Stream<Arguments> hangs() {
        var script = Script.text("one two three four five");
        return Stream.of("/chat/completions", "/responses")
                .flatMap(path -> Stream.of(
                        Arguments.of(path, script.hangAt(HangPoint.AT_ACCEPT), "^$"),
                        Arguments.of(path, script.hangAt(HangPoint.BEFORE_HEADERS), "^$"),
                        Arguments.of(path, script.hangAt(HangPoint.AFTER_HEADERS), "^HTTP/1.1 200 OK.*\r\n\r\n$"),
                        Arguments.of(
                                path,
                                script.hangAt(HangPoint.BEFORE_FIRST_TOKEN),
                                "^((?!one).)*(assistant|response.in_progress)((?!one).)*$"),
                        Arguments.of(path, script.hangAfter(3), "^((?!four).)*three((?!four).)*$"),
                        Arguments.of(
                                path,
                                Script.text("one two three").thenHang().thenText(" four"),
                                "^((?!four).)*three((?!four).)*$")));
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void hangsAtThePointAndNoticesACloseAtOnce(String path, Script script, String seen) throws Exception {
        provider.enqueue(script);
        var socket =
                TestClients.raw(provider, path, path.equals("/responses") ? TestClients.RESPONSE : TestClients.CHAT);
        var exchange = provider.awaitRequest(1).awaitHanging();

        assertThat(readUntilQuiet(socket)).matches("(?s)" + seen);
        assertThat(exchange.outcome()).isEqualTo(Exchange.Outcome.OPEN);
        var closing = System.nanoTime();
        socket.close();

        assertThat(exchange.awaitClosed(NOTICED)).isBetween(closing, System.nanoTime());
        assertThat(exchange.isClosedByClient()).isTrue();
        assertThat(exchange.tokensWrittenAfter(closing)).isZero();
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void noticesAResetAtOnce(String path, Script script, String seen) throws Exception {
        provider.enqueue(script);
        var socket =
                TestClients.raw(provider, path, path.equals("/responses") ? TestClients.RESPONSE : TestClients.CHAT);
        var exchange = provider.awaitRequest(1).awaitHanging();

        socket.setSoLinger(true, 0);
        socket.close();

        exchange.awaitClosed(NOTICED);
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void completesTheResponseWhenReleased(String path, Script script, String seen) throws Exception {
        provider.enqueue(script);
        try (var socket =
                TestClients.raw(provider, path, path.equals("/responses") ? TestClients.RESPONSE : TestClients.CHAT)) {
            var exchange = provider.awaitRequest(1).awaitHanging();

            exchange.release();

            exchange.awaitCompleted();
            assertThat(readUntilQuiet(socket)).contains("four").endsWith("\r\n0\r\n\r\n");
        }
    }

    private static String readUntilQuiet(Socket socket) throws Exception {
        socket.setSoTimeout(QUIET_MILLIS);
        var read = new ByteArrayOutputStream();
        assertThatThrownBy(() -> socket.getInputStream().transferTo(read)).isInstanceOf(SocketTimeoutException.class);
        return read.toString(StandardCharsets.UTF_8);
    }
}
