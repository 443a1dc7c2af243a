package dev.rein.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application with the libraries that Spring Boot manages, on a real port, with a fake provider. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShopApplicationTest {
    private static final FakeProvider PROVIDER = FakeProvider.start();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start(@TempDir Path folder) {
        application = SpringApplication.run(
                ShopApplication.class,
                "--server.port=0",
                "--rein.model.base-url=" + PROVIDER.baseUrl(),
                "--rein.model.api-key=key",
                "--rein.store.file=" + folder.resolve("shop.db"),
                "--rein.runs.drain=5m");
    }

    @AfterAll
    static void stop() {
        application.close();
        PROVIDER.close();
    }

    private static HttpRequest.Builder request(String path, String customer) {
        var login = Base64.getEncoder().encodeToString((customer + ":" + customer).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + application.getEnvironment().getProperty("local.server.port") + path))
                .header("Authorization", "Basic " + login);
    }

    private static String question(String path, String question) {
        return path + "?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static BufferedReader open(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(
                CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
    }

    private static String until(BufferedReader lines, String start) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("no line begins with " + start);
    }

    @Test
    @Order(1)
    void aToolActsForTheCustomerWhoAsks() throws Exception {
        PROVIDER.enqueue(Script.toolCall("whereIs", "{\"number\":\"A-17\"}"), Script.text("On its way."));
        assertThat(send(request(question("/ask", "Where is A-17?"), "ann")).body())
                .isEqualTo("On its way.");
        assertThat(PROVIDER.requests().getLast().body().toString()).contains("Order A-17 of ann is on its way.");
        PROVIDER.enqueue(Script.toolCall("whereIs", "{\"number\":\"A-17\"}"), Script.text("I don't know."));
        send(request(question("/ask", "Where is A-17?"), "bob"));
        assertThat(PROVIDER.requests().getLast().body().toString()).contains("bob has no order A-17.");
    }

    @Test
    @Order(2)
    void anAnswerMayBeOneOfSeveralTypes() throws Exception {
        PROVIDER.enqueue(Script.text("{\"value\":{\"type\":\"Complaint\",\"about\":\"late\",\"severity\":3}}"));
        assertThat(send(request(question("/wish", "It is late!"), "ann")).body())
                .isEqualTo("{\"about\":\"late\",\"severity\":3}");
    }

    @Test
    @Order(3)
    void theRunStopsWhenTheBrowserLeaves() throws Exception {
        PROVIDER.enqueue(Script.forever(Duration.ofMillis(5)));
        try (var lines = open(request(question("/stream", "Tell me all"), "ann"))) {
            until(lines, "event:RunContent");
        }
        PROVIDER.exchanges().getLast().awaitClosed(Duration.ofSeconds(30));
        var store = application.getBean(SessionStore.class);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var run = store.runs("chat-of-ann").getLast();
            assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(run.cause().kind()).isEqualTo(CancelKind.DISCONNECT);
        });
    }

    @Test
    @Order(4)
    void aCustomerStopsRunsOfTheirOwnOnly() throws Exception {
        PROVIDER.enqueue(Script.forever(Duration.ofMillis(5)));
        try (var lines = open(request(question("/stream", "Tell me all"), "ann"))) {
            var id = until(lines, "data:").replaceAll(".*\"run_id\":\"([^\"]+)\".*", "$1");
            var cancel = "/runs/" + id + "/cancel";
            assertThat(send(request(cancel, "bob").POST(HttpRequest.BodyPublishers.noBody()))
                            .body())
                    .isEqualTo("REMEMBERED");
            until(lines, "event:RunContent");
            assertThat(send(request(cancel, "ann").POST(HttpRequest.BodyPublishers.noBody()))
                            .body())
                    .isEqualTo("REQUESTED");
            until(lines, "event:RunCancelled");
        }
    }

    @Test
    @Order(5)
    void agentOsIsBehindTheSecurityOfTheApplication() throws Exception {
        assertThat(send(request("/os/agents", "ann")).body()).contains("\"clerk\"");
        assertThat(send(request("/os/agents", "eve")).statusCode()).isEqualTo(401);
    }

    @Test
    @Order(6)
    void actuatorShowsTheRuns() throws Exception {
        assertThat(send(HttpRequest.newBuilder(
                                request("/actuator/health", "ann").build().uri()))
                        .body())
                .contains("\"rein\"");
        assertThat(send(request("/actuator/metrics/rein.run", "ann")).body()).contains("clerk");
    }

    @Test
    @Order(7)
    void theShutdownLetsAStreamEnd() throws Exception {
        PROVIDER.enqueue(Script.text("Goodbye.").dripEvery(Duration.ofMillis(20)));
        try (var lines = open(request(question("/stream", "Bye"), "ann"))) {
            until(lines, "event:RunStarted");
            application.close();
            until(lines, "event:RunCompleted");
        }
    }
}
