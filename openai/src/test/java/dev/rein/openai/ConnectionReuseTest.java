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
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections are reused, although no call waits for the bytes that end a response after its last event. */
class ConnectionReuseTest {

    private final List<Integer> clientPorts = new CopyOnWriteArrayList<>();
    private final Semaphore endOfResponse = new Semaphore(0);
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
    void aConnectionIsReusedIfTheResponseEndsAfterItsLastEvent(Api api) {
        var model = api.at("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");

        // When the client has read the end of a response cannot be observed, so a few calls may open a new
        // connection.
        await().until(() -> {
            assertThat(model.respond(SampleRequests.HELLO, new RecordingModelCall())
                            .text())
                    .isEqualTo("hi");
            endOfResponse.release();
            return clientPorts.stream().distinct().count() < clientPorts.size();
        });
    }

    /** Sends the end of the body only after the client has processed the events. */
    private void answer(HttpExchange exchange) throws IOException {
        clientPorts.add(exchange.getRemoteAddress().getPort());
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var events = exchange.getRequestURI().getPath().endsWith("/responses")
                ? "data: {\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}\n\n"
                        + "data: {\"type\":\"response.completed\",\"response\":{}}\n\n"
                : "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n"
                        + "data: [DONE]\n\n";
        exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            endOfResponse.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
