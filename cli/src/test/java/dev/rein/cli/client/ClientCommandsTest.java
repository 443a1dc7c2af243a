package dev.rein.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.agent.Agent;
import dev.rein.cli.Cli;
import dev.rein.cli.ReinProcess;
import dev.rein.model.ModelException;
import dev.rein.os.AgentOS;
import dev.rein.os.JwtAuth;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands against a server in this process. */
class ClientCommandsTest {
    private static final String SECRET = "a secret that is long enough for this algorithm";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ScriptedModel model = ScriptedModel.create();
    private final ScriptedModel leader = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Agent agent =
            Agent.builder().name("Plain Agent").model(model).store(store).build();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .drain(java.time.Duration.ZERO)
            .agents(
                    agent,
                    Agent.builder()
                            .name("Cleaner")
                            .model(leader)
                            .tools(new Files())
                            .build())
            .teams(Team.builder()
                    .name("Small Team")
                    .model(leader)
                    .store(store)
                    .members(agent)
                    .build())
            .build()
            .start();
    private final String url = os.url();

    static final class Files {
        @Tool(value = "Deletes a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            throw new AssertionError(path + " was deleted without having been asked");
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    @AfterEach
    void close() {
        os.close();
    }

    private Cli rein(String... args) {
        return rein(new StringWriter(), args);
    }

    private Cli rein(StringWriter out, String... args) {
        var all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--url";
        all[args.length + 1] = url;
        return Cli.run(out, all);
    }

    /** Starts a run that hangs after two words. */
    private String hanging(String... options) {
        model.answer(Script.text("one two ").thenHang());
        var args = new java.util.ArrayList<>(java.util.List.of("run", "agent", "plain-agent", "hi", "--background"));
        args.addAll(java.util.List.of(options));
        var started = rein(args.toArray(String[]::new));
        assertThat(started.err()).isEmpty();
        model.awaitWaiting(1);
        return started.out().strip();
    }

    @Test
    void theTextGoesToStandardOutputAndHeadingsToStandardError() {
        leader.toolCall("delegate_task_to_member", "{\"member_id\":\"plain-agent\",\"task\":\"tell\"}")
                .answer("Done.");
        model.answer("A story.");
        var result = rein("run", "team", "small-team", "hi");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualToNormalizingNewlines("A story.\nDone.\n");
        assertThat(result.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("Small Team  scripted.* run [0-9a-f-]{36}"),
                        line -> assertThat(line).contains(" delegate_task_to_member(member_id: \"plain-agent\", task"),
                        line -> assertThat(line).startsWith("  Plain Agent  scripted"),
                        line -> assertThat(line).isEqualTo("Small Team"),
                        line -> assertThat(line).matches(".* delegate_task_to_member  [0-9.]+ m?s"),
                        line -> assertThat(line).contains(" completed", "3 model requests", "1 tool call"));
    }

    @Test
    void withJsonEachLineIsAnEvent() throws Exception {
        model.answer("Hello");
        var result = rein("run", "agent", "plain-agent", "hi", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        var lines = result.out().lines().toList();
        assertThat(JSON.readTree(lines.getFirst()).path("event").asText()).isEqualTo("RunStarted");
        assertThat(JSON.readTree(lines.getLast()).path("event").asText()).isEqualTo("RunCompleted");
    }

    @Test
    void aRunThatFailsExitsWithOneAndSaysWhy() {
        model.fails(new ModelException(ModelException.Kind.BAD_REQUEST, "the model is on fire"));
        var result = rein("run", "agent", "plain-agent", "hi");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("error: run ", " failed: ", "the model is on fire");
    }

    @Test
    void aRunInTheBackgroundIsListedFollowedAndCancelledByItsIdAlone() throws Exception {
        var runId = hanging("--session", "s1", "--user", "ann");

        assertThat(rein("ps").out().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith(runId)
                .contains("agent plain-agent", "s1", "ann", "running", "waiting for");
        assertThat(JSON.readTree(rein("ps", "--json").out())
                        .get(0)
                        .path("run_id")
                        .asText())
                .isEqualTo(runId);

        Future<Cli> tail;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var followed = new StringWriter();
            tail = threads.submit(() -> rein(followed, "tail", runId));
            await().until(() -> followed.toString().startsWith("one two"));
            var cancelled = rein("cancel", runId, "--reason", "enough", "--wait", "10s");
            assertThat(cancelled.exitCode()).isZero();
            assertThat(cancelled.out().lines().skip(1))
                    .singleElement()
                    .asString()
                    .containsPattern(runId + " +cancelled +requested +yes");
        }
        assertThat(tail.get().exitCode()).isEqualTo(3);
        assertThat(tail.get().out()).startsWith("one two");
        assertThat(tail.get().err()).contains("run " + runId + " was cancelled: enough");
        assertThat(rein("ps").out()).contains("no run is live at " + url);

        var later = rein("tail", runId);
        assertThat(later.exitCode()).isEqualTo(3);
        assertThat(later.out()).isEqualToNormalizingNewlines("one two \n");
        assertThat(rein("cancel", runId))
                .returns(0, Cli::exitCode)
                .extracting(Cli::out)
                .asString()
                .containsPattern(runId + " +cancelled +already finished +no");
    }

    @Test
    void theTextOfTheMembersOfAStoppedTeamIsShownLater() {
        leader.toolCall("delegate_task_to_member", "{\"member_id\":\"plain-agent\",\"task\":\"tell\"}");
        model.answer(Script.text("one two ").thenHang());
        var runId =
                rein("run", "team", "small-team", "hi", "--background").out().strip();
        model.awaitWaiting(1);
        assertThat(rein("cancel", runId, "--wait", "10s").exitCode()).isZero();

        var tail = rein("tail", runId);
        assertThat(tail.out()).isEqualToNormalizingNewlines("one two \n");
        assertThat(tail.err()).contains("Small Team", "  Plain Agent", "was cancelled");
    }

    @Test
    void onlyTheRunsOfTheSessionAreCancelled() {
        var mine = hanging("--session", "s1");
        model.answer(Script.text("one").thenHang());
        var other = rein("run", "agent", "plain-agent", "hi", "--background", "--session", "s2")
                .out()
                .strip();
        model.awaitWaiting(2);

        assertThat(rein("cancel", "--session", "s1", "--wait", "10s").out())
                .contains(mine)
                .doesNotContain(other);
        assertThat(Runs.shared().find(other)).isPresent();
        assertThat(rein("cancel", "--all", "--wait", "10s").out()).contains(other);
        assertThat(rein("cancel", "--user", "nobody").out()).isEqualToNormalizingNewlines("no matching run is live\n");
    }

    @Test
    void aPausedRunIsReportedAndCanBeCancelled() {
        leader.toolCall("delete_file", "{\"path\":\"notes.txt\"}");
        var result = rein("run", "agent", "cleaner", "clean up");

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains(
                        " paused",
                        "confirmation of delete_file(path: \"notes.txt\")",
                        "/agents/cleaner/runs/",
                        "/continue");
        assertThat(rein("ps").out()).contains("agent cleaner", "paused");
        assertThat(rein("cancel", "--all", "--wait", "10s").out()).contains("cancelled");
    }

    @Test
    void cancelRequiresASelection() {
        assertThat(rein("cancel").exitCode()).isEqualTo(2);
        assertThat(rein("cancel", "--all", "--session", "s1").exitCode()).isEqualTo(2);
    }

    @Test
    void cancellingAnUnknownRunFailsAndIsNotKeptForLaterRuns() throws Exception {
        var result = rein("cancel", "of-nobody");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("no run of-nobody is live at " + url + ", and ended runs can't be cancelled", "rein ps");
        model.answer("Hello");
        var later = new OsClient(URI.create(url), null, null, null, Duration.ofSeconds(30))
                .post(
                        "/agents/plain-agent/runs",
                        new FormBody()
                                .with("message", "hi")
                                .with("stream", "false")
                                .with("run_id", "of-nobody"));
        assertThat(later.path("status").asText()).isEqualTo("COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel nothing --mode bogus", "cancel --all --mode bogus"})
    void anUnknownModeIsAUsageError(String line) {
        assertThat(rein(line.split(" ")))
                .returns(2, Cli::exitCode)
                .returns("", Cli::out)
                .extracting(Cli::err)
                .asString()
                .contains("--mode", "'bogus' is not a mode: use one of now, after-tools, after-turn, after-step");
    }

    @ParameterizedTest
    @CsvSource({
        "cancel nothing --wait soon,is not a duration: use a form such as 500ms",
        "tail nothing --from -1,--from is -1",
        "ps --url ftp://me,the URL is ftp://me: use a form such as http://localhost:7777"
    })
    void anInvalidValueIsAUsageError(String line, String error) {
        assertThat(Cli.run(line.split(" ")))
                .returns(2, Cli::exitCode)
                .returns("", Cli::out)
                .extracting(Cli::err)
                .asString()
                .contains(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOW", "after-tools", "after_turn", "After-Step"})
    void modesAreCaseInsensitiveAndMayHaveDashes(String mode) {
        assertThat(rein("cancel", "--all", "--mode", mode).exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aReaderOfTheOutputThatLeavesCancelsTheRunAsAnyClientThatLeaves(String option) throws Exception {
        model.answer(Script.text("one\n").forever().dripEvery(Duration.ofMillis(20)));
        var line = new ArrayList<>(List.of("run", "agent", "plain-agent", "hi"));
        if (!option.isEmpty()) {
            line.add(option);
        }
        try (var child =
                ReinProcess.reinInto("head -1", scratch, Map.of("REIN_URL", url), line.toArray(String[]::new))) {
            child.await();

            assertThat(child.out().lines()).hasSize(1);
            assertThat(child.err().lines()).last().isEqualTo("exit 141");
            assertThat(child.err()).doesNotContain("error:");
            await().untilAsserted(() -> assertThat(model.callsCancelled()).isEqualTo(1));
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aReaderThatLeavesEndsTailAndTheRunGoesOn() throws Exception {
        model.answer(Script.text("one\n").forever().dripEvery(Duration.ofMillis(20)));
        var runId =
                rein("run", "agent", "plain-agent", "hi", "--background").out().strip();
        try (var child = ReinProcess.reinInto("head -1", scratch, Map.of("REIN_URL", url), "tail", runId)) {
            child.await();

            assertThat(child.out()).isEqualTo("one\n");
            assertThat(child.err().lines()).last().isEqualTo("exit 141");
            assertThat(Runs.shared().find(runId)).isPresent();
        }
        rein("cancel", runId, "--wait", "10s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ps", "bench", "--help"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aCommandWhoseOutputNobodyReadsEndsAndTellsIt(String command) throws Exception {
        try (var child = ReinProcess.reinInto("true", scratch, Map.of("REIN_URL", url), command)) {
            assertThat(child.await().err()).isEqualTo("exit 141\n");
        }
    }

    /** The token of an isolated user. */
    private static String token(String user) throws Exception {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        var expires = System.currentTimeMillis() / 1_000 + 600;
        var text = base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
                + "."
                + base64.encodeToString(("{\"sub\":\"" + user + "\",\"exp\":" + expires
                                + ",\"scopes\":[\"agents:*\",\"teams:*\",\"workflows:*\",\"runs:*\"]}")
                        .getBytes(UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void anIsolatedUserFollowsAndCancelsOwnRuns() throws Exception {
        model.answer(Script.text("one two ").thenHang());
        model.answer(Script.text("three four ").thenHang());
        try (var server = AgentOS.builder()
                .port(0)
                .store(store)
                .agents(agent)
                .jwt(JwtAuth.key(SECRET).algorithm("HS256").userIsolation(true))
                .build()
                .start()) {
            var environment = Map.of("REIN_URL", server.url(), "REIN_KEY", token("ann"));
            try (var run = ReinProcess.rein(scratch, environment, "run", "agent", "plain-agent", "hi")) {
                run.awaitOut("one two");
                run.signal("INT");
                assertThat(run.await().err()).contains("was cancelled; it took");
            }
            try (var run = ReinProcess.rein(scratch, environment, "run", "agent", "plain-agent", "hi")) {
                run.awaitOut("three four");
                var runId = Runs.shared().live().getFirst().runId();
                try (var tail = ReinProcess.rein(scratch, environment, "tail", runId)) {
                    tail.awaitOut("three four");
                    try (var cancel = ReinProcess.rein(scratch, environment, "cancel", runId, "--wait", "10s")) {
                        assertThat(cancel.await().out()).containsPattern(runId + " +cancelled +requested +yes");
                    }
                    assertThat(tail.await().exitCode()).isEqualTo(3);
                }
                assertThat(run.await().exitCode()).isEqualTo(3);
            }
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void ctrlCCancelsTheRunOnTheServerAndSaysHowLongItTook() throws Exception {
        model.answer(Script.text("one two ").thenHang());
        try (var server = AgentOS.builder()
                        .port(0)
                        .securityKey("secret")
                        .agents(agent)
                        .build()
                        .start();
                var child = ReinProcess.rein(
                        scratch,
                        Map.of("REIN_URL", server.url(), "OS_SECURITY_KEY", "secret"),
                        "run",
                        "agent",
                        "plain-agent",
                        "hi")) {
            child.awaitOut("one two");
            child.signal("INT");
            child.await();

            assertThat(child.err()).containsPattern("run [-0-9a-f]{36} was cancelled; it took \\d+");
            assertThat(child.exitCode()).isEqualTo(3);
            await().until(() -> Runs.shared().live().isEmpty());
        }
    }

    @Test
    void withoutAServerTheErrorNamesItsAddressAndHowToStartOne() {
        os.close();
        var result = rein("ps");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .contains("no AgentOS responds at " + url, "./rein serve", "--url");
    }

    @Test
    void serverErrorsAreReported() {
        assertThat(rein("run", "agent", "nobody", "hi").err())
                .contains("/agents/nobody/runs responded 404, Agent not found");
        assertThat(rein("run", "robot", "nobody", "hi"))
                .returns(2, Cli::exitCode)
                .extracting(Cli::err)
                .asString()
                .contains("'robot' is not a type", "workflow");
    }
}
