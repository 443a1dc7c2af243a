package dev.rein.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.cli.Cli;
import dev.rein.cli.ReinProcess;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    private static final Pattern URL = Pattern.compile("listens on (http://localhost:\\d+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    private ReinProcess serve(Map<String, String> environment, String pace) throws IOException {
        return ReinProcess.rein(scratch, environment, "serve", "--port", "0", "--offline-pace", pace);
    }

    private static String url(ReinProcess server) {
        var url = URL.matcher(server.awaitOut("Ctrl-C"));
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private static HttpRequest post(String url, String form) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
    }

    private static JsonNode call(HttpRequest request) throws IOException, InterruptedException {
        return JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body());
    }

    private static JsonNode get(String url) throws IOException, InterruptedException {
        return call(HttpRequest.newBuilder(URI.create(url)).build());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aTeamIsStoppedFromOutsideAndATerminationSignalLetsTheOtherRunsFinish() throws Exception {
        try (var server = serve(Map.of(), "2500")) {
            var url = url(server);
            assertThat(server.out()).startsWith("Offline model");
            assertThat(get(url + "/config").path("agents").findValuesAsText("id"))
                    .contains("research-agent", "writing-agent", "storyteller-agent", "editor-agent");
            assertThat(get(url + "/teams").findValuesAsText("id")).contains("storytelling-team");
            assertThat(get(url + "/workflows").findValuesAsText("id")).contains("article-workflow");

            var events = new ArrayList<String>();
            var answer = HTTP.send(
                    post(url + "/teams/storytelling-team/runs", "message=a+story"), BodyHandlers.ofInputStream());
            var runId = "";
            try (var lines = new BufferedReader(new java.io.InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        events.add(line.substring("event: ".length()));
                    } else if (line.startsWith("data: ") && events.getLast().equals("TeamRunStarted")) {
                        runId = JSON.readTree(line.substring("data: ".length()))
                                .path("run_id")
                                .asText();
                    } else if (!events.isEmpty() // other fields and comments may come first
                            && events.getLast().equals("RunContent")
                            && events.indexOf("RunContent") == events.size() - 1) {
                        call(post(url + "/teams/storytelling-team/runs/" + runId + "/cancel", ""));
                    }
                }
            }
            assertThat(events)
                    .containsSubsequence("RunContent", "RunCancelled", "TeamRunCancelled", "TeamRunCompleted");

            call(post(url + "/agents/writing-agent/runs", "message=a+story&stream=false&background=true"));
            server.signal("TERM");
            server.await();

            assertThat(server.out())
                    .contains("Shutting down: 1 run is live and may take 30s to finish")
                    .contains("1 completed, 0 cancelled");
            assertThat(server.exitCode()).isZero();
            assertThat(server.err())
                    .doesNotContain("error:", "Exception")
                    .containsPattern("GET /config 200 [0-9.]+ ms\\R")
                    .containsPattern(
                            "POST /teams/storytelling-team/runs/[^ ]+/cancel 200 [0-9.]+ ms run " + runId + "\\R");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDurableRunIsExecutedByTheNextServer() throws Exception {
        String id;
        try (var first = durable("1")) {
            var url = url(first);
            assertThat(get(url + "/config").at("/queue/durable").asBoolean()).isTrue();
            var run = call(post(
                    url + "/agents/writing-agent/runs", "message=a+story&stream=false&background=true&session_id=s"));
            id = run.path("run_id").asText();
            first.signal("TERM");
            first.await();
            assertThat(first.exitCode()).isZero();
        }
        try (var next = durable("100000")) {
            var run = url(next) + "/agents/writing-agent/runs/" + id + "?session_id=s";
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(run).path("status").asText().equals("COMPLETED"));
            var base = url(next);
            assertThat(Cli.run("queue", "--url", base).out())
                    .contains("RUN", id, "agent writing-agent", "completed", "of 3");
            assertThat(Cli.run("queue", "--url", base, "--status", "failed", "--status", "queued")
                            .out())
                    .contains("no durable run with this status at " + base);
            assertThat(JSON.readTree(Cli.run("queue", "--url", base, "--json").out())
                            .at("/0/id")
                            .asText())
                    .isEqualTo(id);
            assertThat(Cli.run("queue", "--url", base, "--limit", "0").err()).contains("--limit is 0");
        }
    }

    private ReinProcess durable(String pace) throws IOException {
        return ReinProcess.rein(
                scratch, Map.of(), "serve", "--port", "0", "--durable", "--drain", "0s", "--offline-pace", pace);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSecondCtrlCStopsTheRunsThatAreLeft() throws Exception {
        try (var server = serve(Map.of("OS_SECURITY_KEY", "secret"), "0.1")) {
            var url = url(server);
            assertThat(server.out()).contains("with the key in OS_SECURITY_KEY");
            assertThat(get(url + "/runs").path("detail").asText()).isEqualTo("Authorization header required");
            var run = HttpRequest.newBuilder(
                            post(url + "/agents/writing-agent/runs", "message=hi&stream=false&background=true"),
                            (_, _) -> true)
                    .header("Authorization", "Bearer secret")
                    .build();
            assertThat(call(run).path("status").asText()).isEqualTo("PENDING");
            server.signal("INT");
            server.awaitOut("Shutting down: 1 run is live");
            server.signal("INT");
            server.await();

            assertThat(server.out()).contains("0 completed, 1 cancelled");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void aSessionContinuesAfterACancelledRun() throws Exception {
        try (var provider = FakeProvider.start();
                var server = serve(Map.of("OPENAI_BASE_URL", provider.baseUrl()), "1000000")) {
            provider.enqueue(Script.text("Good morning dear Odile").hangAfter(2), Script.text("You are Odile."));
            var runs = url(server) + "/agents/storyteller-agent/runs";
            var first = call(post(runs, "message=I+am+Odile&session_id=talk&stream=false&background=true"));
            provider.awaitRequest(1).awaitHanging();
            call(post(runs + "/" + first.path("run_id").asText() + "/cancel?wait=10000", ""));
            var second = call(post(runs, "message=Who+am+I&session_id=talk&stream=false"));

            assertThat(second.path("content").asText()).isEqualTo("You are Odile.");
            var sent = provider.awaitRequest(2).request().body().path("messages");
            assertThat(sent.findValuesAsText("content")).contains("I am Odile", "Who am I");
        }
    }

    @Test
    void aPortThatIsInUseIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            var result = Cli.run(
                    "serve",
                    "--port",
                    String.valueOf(taken.getLocalPort()),
                    "--db",
                    scratch.resolve("rein.db").toString());
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .contains("port " + taken.getLocalPort() + " of localhost is in use", "--port");
        }
    }

    @Test
    void aDatabaseThatCannotBeUsedIsNamed() {
        var result = Cli.run("serve", "--port", "0", "--db", scratch.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines()).singleElement().asString().contains(scratch.toString());

        var other = Cli.run("serve", "--port", "0", "--db", "jdbc:mysql://localhost/rein");
        assertThat(other.err()).contains("jdbc:mysql:", "jdbc:postgresql://HOST/DATABASE");
    }

    @Test
    void aPublicHostRequiresAKey() {
        var result = Cli.run(
                "serve",
                "--port",
                "0",
                "--host",
                "0.0.0.0",
                "--db",
                scratch.resolve("rein.db").toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .contains("0.0.0.0", "OS_SECURITY_KEY", "--insecure");
        assertThat(scratch).isEmptyDirectory();
    }
}
