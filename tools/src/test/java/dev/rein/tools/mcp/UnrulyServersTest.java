package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.ToolExecution;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server programs that die, write what is no message, or have endless lists. */
class UnrulyServersTest {
    /** Far less than the timeout of a tool, two minutes. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private McpTools.Builder server(String... habits) {
        var all = new ArrayList<>(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                UnrulyMcpServer.class.getName(),
                directory.resolve("record").toString()));
        all.addAll(List.of(habits));
        return McpTools.stdio(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), all.toArray(String[]::new));
    }

    private List<String> record() throws IOException {
        return Files.readAllLines(directory.resolve("record"));
    }

    @Test
    void aDeathDuringACallEndsItAtOnceAndTheNextCallStartsTheServerAgain() throws Exception {
        try (var mcp = server().connect()) {
            var tools = mcp.tools();
            var started = System.nanoTime();
            var error = ToolRun.errorWith("die", "{}", tools);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(AT_ONCE);
            assertThat(error).contains("ended during the call", "effects are unknown", "exit code 3", "out of memory");

            assertThat(ToolRun.resultWith("echo", "{'text':'again'}", tools)).isEqualTo("{\"text\":\"again\"}");
            assertThat(record()).containsExactly("start", "call die", "start", "call echo");
        }
    }

    @Test
    void aDeathBetweenCallsIsNotSeenByTheNextOne() throws Exception {
        try (var mcp = server().connect()) {
            var tools = mcp.tools();
            for (int i = 0; i < 3; i++) {
                assertThat(ToolRun.resultWith("die_after", "{}", tools)).isEqualTo("die_after");
                await().until(() -> ProcessHandle.current()
                        .descendants()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(directory.toString()))
                        .noneMatch(ProcessHandle::isAlive));
            }
            assertThat(record())
                    .containsExactly("start", "call die_after", "start", "call die_after", "start", "call die_after");
        }
    }

    @Test
    void linesThatAreNoMessagesAreSkipped() throws Exception {
        try (var mcp = server("banner").connect()) {
            assertThat(ToolRun.resultWith("echo", "{'text':'a'}", mcp.tools())).isEqualTo("{\"text\":\"a\"}");
            assertThat(ToolRun.resultWith("echo", "{'text':'b'}", mcp.tools())).isEqualTo("{\"text\":\"b\"}");
        }
    }

    @Test
    void aServerThatDiesAtItsStartSaysWhyWithoutKeys() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server("dies")
                        .environment(Map.of("MY_KEY", "sk-123456"))
                        .connect())
                .withMessageContaining("exit code 7")
                .withMessageContaining("no configuration found, the key is ***")
                .withMessageContaining("give one with --config")
                .withMessageNotContaining("sk-123456");
    }

    @Test
    void endlessListsOfToolsAreRefused() {
        for (var habit : List.of("same-cursor", "new-cursors")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server(habit).connect())
                    .withMessageContaining("has no end");
        }
    }

    @Test
    void aChangedListIsThatOfTheNextRun() throws Exception {
        try (var mcp = server().connect()) {
            var before = mcp.tools();
            assertThat(ToolRun.resultWith("change", "{}", before)).isEqualTo("changed");

            assertThat(mcp.tools()).extracting(ToolSpec::name).contains("added");
            assertThat(before).extracting(ToolSpec::name).doesNotContain("added");
            assertThat(ToolRun.resultWith("added", "{}", mcp.tools())).isEqualTo("added");
        }
    }

    @Test
    void aRunKeepsItsListAndTheNextRunHasTheNewOne() throws Exception {
        try (var mcp = server().connect()) {
            var model = ScriptedModel.create()
                    .toolCall("change", "{}")
                    .toolCall("added", "{}")
                    .answer("done")
                    .toolCall("added", "{}")
                    .answer("done");
            var agent =
                    Agent.builder().model(model).tools(context -> mcp.tools()).build();

            assertThat(agent.run("go").tools()).extracting(ToolExecution::error).containsExactly(false, true);
            assertThat(agent.run("go").tools())
                    .extracting(ToolExecution::result)
                    .containsExactly("added");
        }
    }

    @Test
    void contentOfAnUnknownTypeDoesNotHideTheTextBesideIt() throws Exception {
        try (var mcp = server().connect()) {
            assertThat(ToolRun.resultWith("strange", "{}", mcp.tools()))
                    .contains("[content of type hologram, not shown]", "beside it");
        }
    }

    @Test
    void aClosedConnectionIsReported() throws Exception {
        var mcp = server().connect();
        var tools = mcp.tools();
        mcp.close();
        assertThat(ToolRun.errorWith("echo", "{'text':'a'}", tools)).contains("is closed");
        assertThat(record()).containsExactly("start");
    }
}
