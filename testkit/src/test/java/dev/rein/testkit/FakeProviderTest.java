package dev.rein.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeProviderTest {
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void recordsEveryRequest() throws Exception {
        var before = System.nanoTime();
        TestClients.send(provider, "/chat/completions?debug=1", TestClients.CHAT);

        var request = provider.requests().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.query()).isEqualTo("debug=1");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("authorization")).isNull();
        assertThat(request.body().at("/messages/0/content").asText()).isEqualTo("hi");
        assertThat(request.arrivedAtNanos()).isBetween(before, System.nanoTime());
    }

    @Test
    void enqueuedScriptsPrecedeTheChooserAndTheChooserPrecedesTheDefault() throws Exception {
        provider.enqueue(Script.text("first"), Script.text("second"))
                .answerBy(request ->
                        request.body().path("model").asText().equals("gpt-4o") ? Script.text("chosen") : null)
                .byDefault(Script.text("default"));

        var answers = new ArrayList<String>();
        for (var body : new String[] {"{}", "{}", "{}", TestClients.CHAT_WHOLE}) {
            var answer = TestClients.send(provider, "/chat/completions", body).body();
            answers.add(FixtureJson.MAPPER
                    .readTree(answer)
                    .at("/choices/0/message/content")
                    .asText());
        }

        assertThat(answers).containsExactly("first", "second", "default", "chosen");
    }

    @Test
    void keepsConnectionsAlive() throws Exception {
        try (var http = TestClients.http()) {
            for (var i = 0; i < 5; i++) {
                http.send(TestClients.post(provider, "/chat/completions", TestClients.CHAT), BodyHandlers.ofString());
                http.send(
                        TestClients.post(provider, "/responses", TestClients.RESPONSE_WHOLE), BodyHandlers.ofString());
            }
            assertThat(provider.openConnections()).isEqualTo(1);
        }
        await().until(() -> provider.openConnections() == 0);
        assertThat(provider.exchanges()).allMatch(e -> e.outcome() == Exchange.Outcome.COMPLETED);
    }

    @Test
    void closesTheConnectionOnRequest() throws Exception {
        try (var socket = new Socket("127.0.0.1", provider.port())) {
            var request = TestClients.rawRequest("/chat/completions", TestClients.CHAT)
                    .replace("Host:", "Connection: close\r\nHost:");
            socket.getOutputStream().write(request.getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("[DONE]");
        }
    }

    @Test
    void readsAChunkedRequestThatArrivesInSmallParts() throws Exception {
        try (var socket = new Socket("127.0.0.1", provider.port())) {
            socket.setTcpNoDelay(true);
            var body = "{\"model\":\"m\",\"messages\":[]}";
            var request = "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"
                    + body.substring(0, 5) + "\r\n" + Integer.toHexString(body.length() - 5) + ";x=y\r\n"
                    + body.substring(5) + "\r\n0\r\n\r\n";
            for (var b : request.getBytes(UTF_8)) {
                socket.getOutputStream().write(b);
            }

            assertThat(provider.awaitRequest(1).request().bodyText()).isEqualTo(body);
        }
    }

    @Test
    void sendsTokensUntilTheClientClosesTheConnectionAndNoneAfterwards() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(2)));
        var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT);
        var exchange = provider.awaitRequest(1).awaitTokens(20);
        assertThat(exchange.outcome()).isEqualTo(Exchange.Outcome.OPEN);

        socket.close();

        var noticed = exchange.awaitClosed();
        assertThat(exchange.tokensWrittenAfter(noticed)).isLessThanOrEqualTo(1);
        assertThat(exchange.tokensWrittenBy(noticed)).isGreaterThanOrEqualTo(20);
        await().until(() -> provider.openConnections() == 0);
    }

    @Test
    void withoutPausesSendsTokensAsFastAsTheClientReads() throws Exception {
        provider.enqueue(Script.forever(Duration.ZERO));
        try (var _ = TestClients.raw(provider, "/responses", TestClients.RESPONSE)) {
            provider.awaitRequest(1).awaitTokens(1000);
        }
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void waitsBetweenTokensButNotBeforeTheFirst() throws Exception {
        provider.enqueue(Script.text("one two three").dripEvery(Duration.ofMillis(30)));
        try (var _ = TestClients.raw(provider, "/chat/completions", TestClients.CHAT)) {
            var exchange = provider.awaitRequest(1).awaitCompleted();
            var begun = exchange.arrivedAtNanos();

            assertThat(exchange.tokensWrittenBy(begun + Duration.ofMillis(59).toNanos()))
                    .isLessThanOrEqualTo(2);
            assertThat(exchange.tokensWrittenAfter(begun + Duration.ofMillis(59).toNanos()))
                    .isPositive();
            assertThat(exchange.tokensWritten()).isEqualTo(3);
        }
    }

    @Test
    void doesNotReadRequestsThatHangAtAccept() throws Exception {
        provider.enqueue(Script.hangs(HangPoint.AT_ACCEPT));
        try (var socket = new Socket("127.0.0.1", provider.port());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var exchange = provider.awaitRequest(1).awaitHanging();
            var big = TestClients.rawRequest("/chat/completions", "{\"x\":\"" + "x".repeat(32 << 20) + "\"}");
            Future<?> sending = executor.submit(() -> {
                socket.getOutputStream().write(big.getBytes(UTF_8));
                return null;
            });
            await().during(Duration.ofMillis(200)).until(() -> !sending.isDone());
            assertThat(exchange.isRead()).isFalse();
            assertThatThrownBy(exchange::request).hasMessageContaining("AT_ACCEPT");
            assertThat(provider.requests()).isEmpty();

            exchange.release();

            sending.get();
            exchange.awaitArrived(Duration.ofMinutes(1)).awaitCompleted();
            assertThat(exchange.request().bodyText()).hasSizeGreaterThan(32 << 20);
        }
    }

    @Test
    void servesAndCountsManyConcurrentClients() throws Exception {
        provider.byDefault(Script.text("a b c").hangAfter(2));
        var sockets = new ArrayList<Socket>();
        for (var i = 1; i <= 300; i++) {
            sockets.add(TestClients.raw(provider, "/chat/completions", TestClients.CHAT));
        }
        provider.awaitRequest(300);
        await().until(() ->
                provider.exchanges().stream().filter(Exchange::isHanging).count() == 300);
        assertThat(provider.openConnections()).isEqualTo(300);

        for (var socket : sockets) {
            socket.close();
        }

        for (var exchange : provider.exchanges()) {
            exchange.awaitClosed();
        }
        await().until(() -> provider.openConnections() == 0);
    }

    @Test
    void keepsTheMostRecentExchangesOnly() throws Exception {
        try (var few = FakeProvider.builder().keep(2).start()) {
            for (var i = 0; i < 3; i++) {
                TestClients.send(few, "/chat/completions", TestClients.CHAT);
            }

            assertThat(few.exchanges()).extracting(Exchange::number).containsExactly(2, 3);
            assertThatThrownBy(() -> few.awaitRequest(1)).hasMessageContaining("only the last 2");
        }
    }

    @Test
    void startsAgainAfterAReset() throws Exception {
        provider.enqueue(Script.text("never"));
        provider.reset();
        provider.byDefault(Script.text("now"));

        assertThat(TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                        .body())
                .contains("now");
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void listensOnTheLoopbackInterfaceOnly() throws Exception {
        for (var face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : Collections.list(face.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    assertThatThrownBy(() -> {
                                try (var socket = new Socket()) {
                                    socket.connect(new InetSocketAddress(address, provider.port()), 1000);
                                }
                            })
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    @Test
    void reportsTheStateOfTheExchangeWhenAWaitTimesOut() throws Exception {
        assertThatThrownBy(() -> provider.awaitRequest(1, Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("request 1: only 0 arrived");

        TestClients.send(provider, "/chat/completions", TestClients.CHAT);
        var exchange = provider.awaitRequest(1);

        assertThatThrownBy(() -> exchange.awaitClosed(Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("POST /v1/chat/completions) is COMPLETED with 5 tokens written");
        assertThatThrownBy(exchange::awaitHanging).hasMessageContaining("it ended");
        assertThatThrownBy(exchange::closedAtNanos).hasMessageContaining("did not close the connection");
    }

    @Test
    void closeEndsAllOpenExchanges() throws Exception {
        provider.byDefault(Script.hangs(HangPoint.AFTER_HEADERS));
        try (var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT)) {
            var exchange = provider.awaitRequest(1).awaitHanging();

            provider.close();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 200");
            assertThat(exchange.outcome()).isEqualTo(Exchange.Outcome.CUT);
        }
    }
}
