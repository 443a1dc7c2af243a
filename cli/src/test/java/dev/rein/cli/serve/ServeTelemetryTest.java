package dev.rein.cli.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.rein.cli.ReinProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own, whose environment has the variables of OpenTelemetry. */
class ServeTelemetryTest {
    private static final Pattern URL = Pattern.compile("http://\\S+:\\d+");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    private ReinProcess serve(String collector) throws IOException {
        return ReinProcess.rein(
                scratch,
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector, "OTEL_SERVICE_NAME", "the-service"),
                "serve",
                "--port",
                "0",
                "--offline-pace",
                "1000000",
                "--db",
                scratch.resolve("rein.db").toString());
    }

    private static void run(ReinProcess server) throws IOException, InterruptedException {
        await().atMost(PATIENCE).until(() -> URL.matcher(server.out()).find());
        var url = URL.matcher(server.out()).results().findFirst().orElseThrow().group();
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url + "/agents/writing-agent/runs"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("message=hi&stream=false"))
                    .build();
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void spansAndMetricsAreSentToTheCollectorBeforeTheServerEnds() throws Exception {
        var received = new ConcurrentLinkedQueue<String>();
        var collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try (exchange) {
                received.add(exchange.getRequestURI() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        try (var server = serve("http://127.0.0.1:" + collector.getAddress().getPort())) {
            run(server);
            server.signal("TERM");
            assertThat(server.await().err()).doesNotContain("WARN", "ERROR");
        } finally {
            collector.stop(0);
        }
        assertThat(received)
                .anySatisfy(request -> assertThat(request)
                        .startsWith("/v1/traces ")
                        .contains("the-service", "invoke_agent Writing Agent", "chat offline-story"))
                .anySatisfy(request ->
                        assertThat(request).startsWith("/v1/metrics ").contains("rein.run.duration"));
    }

    @Test
    void aCollectorThatDoesNotAnswerDoesNotHoldUpTheEnd() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var server = serve("http://127.0.0.1:" + silent.getLocalPort())) {
            run(server);
            var before = System.nanoTime();
            server.signal("TERM");
            server.await();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void telemetryNeedsAVariableThatAsksForIt() {
        assertThat(ServerTelemetry.isWanted(Map.of("OTEL_SERVICE_NAME", "x"))).isFalse();
        assertThat(ServerTelemetry.isWanted(Map.of("OTEL_TRACES_EXPORTER", "otlp")))
                .isTrue();
        assertThat(ServerTelemetry.isWanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")))
                .isTrue();
        assertThat(ServerTelemetry.isWanted(Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_SDK_DISABLED", "true")))
                .isFalse();
    }
}
