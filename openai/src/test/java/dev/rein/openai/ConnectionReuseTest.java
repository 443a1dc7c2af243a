package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection serves many calls, although no call waits for the bytes that end an answer after its last event. */
class ConnectionReuseTest {

    private final List<Integer> clientPorts = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstAnswerTaken = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfAnAnswerMayComeLate(Api api) {
        var model = api.at("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");

        // Comes back although the end of its body is still missing.
        assertThat(model.respond(Samples.HELLO, new TestCall()).text()).isEqualTo("hi");
        firstAnswerTaken.countDown();

        // When the client has read that end is not to be seen from outside, so a few calls may need a second
        // connection.
        await().until(() -> {
            model.respond(Samples.HELLO, new TestCall());
            return clientPorts.stream().distinct().count() < clientPorts.size();
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        clientPorts.add(exchange.getRemoteAddress().getPort());
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var events = exchange.getRequestURI().getPath().endsWith("/responses")
                ? "data: {\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}\n\n"
                        + "data: {\"type\":\"response.completed\",\"response\":{}}\n\n"
                : "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            firstAnswerTaken.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
