package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.Processes;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Situation 21: when an MCP tool is stopped, its server receives {@code notifications/cancelled}. */
class Situation21McpToolTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @AfterEach
    void endServer() throws IOException {
        if (Files.exists(directory.resolve("server.pid"))) {
            ProcessHandle.of(serverPid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private McpTools.Builder server(String... arguments) {
        var all = new ArrayList<>(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "-Xshare:auto",
                McpTestServer.class.getName(),
                directory.resolve("messages").toString()));
        all.addAll(List.of(arguments));
        return McpTools.stdio(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), all.toArray(String[]::new));
    }

    private long serverPid() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("server.pid")).strip());
    }

    private List<JsonNode> messages(String method) throws IOException {
        var found = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(directory.resolve("messages"))) {
            var message = JSON.readTree(line);
            if (message.path("method").asText().equals(method)) {
                found.add(message);
            }
        }
        return found;
    }

    private ToolRun startSlow(McpTools mcp, int call) throws Exception {
        var run = ToolRun.startWith("files_slow", "{}", mcp.tools());
        await().untilAsserted(() -> assertThat(messages("tools/call")).hasSize(call));
        return run;
    }

    @Test
    void aStopNotifiesTheServerAndEndsTheCallAtOnce() throws Exception {
        try (var mcp = server().connect()) {
            var run = startSlow(mcp, 1);

            var output = run.stop();

            await().untilAsserted(() ->
                    assertThat(messages("notifications/cancelled")).hasSize(1));
            var cancelled = messages("notifications/cancelled").getFirst().get("params");
            assertThat(cancelled.get("requestId"))
                    .isEqualTo(messages("tools/call").getFirst().get("id"));
            assertThat(cancelled.get("reason").asText())
                    .endsWith(Objects.requireNonNull(output.cause()).reason());
            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
        }
    }

    @Test
    void ofTwoEqualCallsOnlyTheStoppedOneIsCancelled() throws Exception {
        try (var mcp = server().connect()) {
            var first = startSlow(mcp, 1);
            var second = startSlow(mcp, 2);

            second.stop();
            await().untilAsserted(() ->
                    assertThat(messages("notifications/cancelled")).hasSize(1));
            assertThat(messages("notifications/cancelled").getFirst().at("/params/requestId"))
                    .isEqualTo(messages("tools/call").get(1).get("id"));

            first.stop();
            await().untilAsserted(() ->
                    assertThat(messages("notifications/cancelled")).hasSize(2));
            assertThat(ToolRun.resultWith("echo", "{'text':'still here'}", mcp.tools()))
                    .isEqualTo("still here");
        }
    }

    @Test
    void atWhateverTimeEachCallThatHasReachedTheServerIsCancelledOnce() throws Exception {
        try (var mcp = server().connect()) {
            for (int i = 0; i < 40; i++) {
                var run = ToolRun.startWith("files_slow", "{}", mcp.tools());
                if (i % 2 == 0) {
                    run.awaitTool();
                }
                run.stop();
            }
            assertThat(ToolRun.resultWith("echo", "{'text':'last'}", mcp.tools()))
                    .isEqualTo("last");

            var cancelled = messages("notifications/cancelled").stream()
                    .map(message -> message.at("/params/requestId"))
                    .toList();
            var called = messages("tools/call").stream()
                    .filter(message -> message.at("/params/name").asText().equals("files.slow"))
                    .map(message -> message.get("id"))
                    .toList();
            assertThat(cancelled).containsExactlyInAnyOrderElementsOf(called);
        }
    }

    @Test
    void aCallThatTimesOutIsCancelledTheSameWay() throws Exception {
        try (var mcp = server().timeout(Duration.ofMillis(300)).connect()) {
            var execution = ToolRun.startWith("files_slow", "{}", mcp.tools()).finish();

            assertThat(execution.error()).isTrue();
            await().untilAsserted(() ->
                    assertThat(messages("notifications/cancelled")).hasSize(1));
        }
    }

    @Test
    void theToolsAreThoseOfTheServer() throws Exception {
        try (var mcp =
                server().prefix("t_").include(name -> !name.equals("exit")).connect()) {
            assertThat(mcp.tools())
                    .extracting(ToolSpec::name)
                    .containsExactly("t_echo", "t_files_slow", "t_fail", "t_refuse", "t_rich", "t_environment");
            var echo = mcp.tools().getFirst().definition();
            assertThat(echo.description()).isEqualTo("Says it again");
            assertThat(echo.parameters().at("/properties/text/type").asText()).isEqualTo("string");
            var slow = mcp.tools().get(1).definition();
            assertThat(slow.description()).isEqualTo("Never answers");
            assertThat(slow.parameters()).hasToString("{\"type\":\"object\",\"properties\":{}}");

            assertThat(ToolRun.resultWith("t_echo", "{'text':'grüß \\n dich'}", mcp.tools()))
                    .isEqualTo("grüß \n dich");
            assertThat(ToolRun.resultWith("t_rich", "{}", mcp.tools()))
                    .isEqualTo("one\n[image of type image/png, not shown]\ntwo");
            assertThat(ToolRun.errorWith("t_fail", "{}", mcp.tools())).endsWith("no such file");
            assertThat(ToolRun.errorWith("t_refuse", "{}", mcp.tools())).contains("bad arguments");
            assertThat(messages("notifications/cancelled")).isEmpty();
        }
    }

    @Test
    void aServerThatDiesEndsItsCalls() throws Exception {
        try (var mcp = server().connect()) {
            var waiting = startSlow(mcp, 1);

            assertThat(ToolRun.errorWith("exit", "{}", mcp.tools())).contains("the MCP server ended during the call");
            assertThat(waiting.finish().error()).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closeEndsAServerThatIgnoresTerm() throws Exception {
        try (var mcp = server("deaf").connect()) {
            assertThat(mcp.tools()).isNotEmpty();
            assertThat(Processes.runs(serverPid())).isTrue();
        }
        assertThat(Processes.runs(serverPid())).isFalse();
    }

    @Test
    void aServerOverHttpIsNotifiedToo() throws Exception {
        try (var server = new McpTestHttpServer();
                var mcp = McpTools.http(server.url())
                        .headers(Map.of("Authorization", "Bearer secret"))
                        .connect()) {
            assertThat(ToolRun.resultWith("echo", "{'text':'over http'}", mcp.tools()))
                    .isEqualTo("over http");
            var run = ToolRun.startWith("files_slow", "{}", mcp.tools());
            await().untilAsserted(
                            () -> assertThat(server.messages("tools/call")).hasSize(2));

            var output = run.stop();

            await().untilAsserted(() ->
                    assertThat(server.messages("notifications/cancelled")).hasSize(1));
            assertThat(server.messages("notifications/cancelled").getFirst().at("/params/requestId"))
                    .isEqualTo(server.messages("tools/call").get(1).get("id"));
            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
            assertThat(server.authorizations()).containsOnly("Bearer secret");
        }
    }

    @Test
    void aServerThatCannotBeStartedOrEndsOrDoesNotRespondIsReported() {
        var started = System.nanoTime();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> McpTools.stdio("/no/such/program").connect())
                .withMessageContaining("MCP server /no/such/program")
                .withMessageContaining("there is no such program");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> McpTools.stdio("false").connect())
                .withMessageContaining("the server program has ended");
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .as("without the 30 s that a server has to answer")
                .isLessThan(Duration.ofSeconds(20));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> McpTools.stdio("sleep", "60")
                        .connectTimeout(Duration.ofMillis(500))
                        .connect())
                .withMessageContaining("did not respond within 500 ms");
    }
}
