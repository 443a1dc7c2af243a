package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server programs, written as shell scripts, that break the protocol. Requests have the ids 1 (initialize), 2 (tools/list), 3 and so on. */
class BrokenServersTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(20);
    private static final String INITIALIZED = """
            {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}}\
            """.strip();
    private static final String ONE_TOOL = list("{\"name\":\"go\",\"inputSchema\":{\"type\":\"object\"}}");

    @TempDir
    private Path directory;

    private static String list(String tools) {
        return "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[" + tools + "]}}";
    }

    private static String text(int id, String text) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text
                + "\"}]}}";
    }

    private static String print(String line) {
        return "printf '%s\\n' '" + line + "'\n";
    }

    /** A server whose tools are given, and which then does what the script says. */
    private McpTools.Builder serverOf(String tools, String script) throws IOException {
        return server("read l\n" + print(INITIALIZED) + "read l; read l\n" + print(tools) + script);
    }

    private McpTools.Builder server(String script) throws IOException {
        var file = directory.resolve("server.sh");
        Files.writeString(file, script);
        return McpTools.stdio("sh", file.toString());
    }

    private List<ProcessHandle> running() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @Test
    void aByteOrderMarkBeforeTheFirstMessageIsSkipped() throws Exception {
        var script = "read l\nprintf '\\357\\273\\277%s\\r\\n' '" + INITIALIZED + "'\nread l; read l\n"
                + print(ONE_TOOL) + "read l\n" + print(text(3, "done"));
        try (var mcp = server(script).connect()) {
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
        }
    }

    @Test
    void anErrorWithoutAnIdEndsTheOnlyCallAtOnce() throws Exception {
        var error = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse error\"}}";
        try (var mcp = serverOf(ONE_TOOL, "read l\n" + print(error) + "read l").connect()) {
            var started = System.nanoTime();
            assertThat(ToolRun.errorWith("go", "{}", mcp.tools())).contains("parse error");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(AT_ONCE);
        }
    }

    @Test
    void requestsWithoutAUsableIdGetNoAnswerAndHarmNothing() throws Exception {
        var strange = List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{\"a\":1},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"" + "x".repeat(10_000) + "\",\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"other\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}");
        var script = new StringBuilder("read l\n");
        strange.forEach(line -> script.append(print(line)));
        script.append("read answer\ncase $answer in *'\"id\":7'*) ")
                .append(print(text(3, "done")))
                .append(";; esac\nread l");
        try (var mcp = serverOf(ONE_TOOL, script.toString()).connect()) {
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
        }
    }

    @Test
    void aFloodOfPingsIsSurvived() throws Exception {
        var flood =
                "read l\ni=0\nwhile [ $i -lt 30000 ]; do i=$((i+1)); printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}'; done\n"
                        + print(text(3, "done")) + "cat > /dev/null";
        try (var mcp = serverOf(ONE_TOOL, flood).connect()) {
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
        }
    }

    @Test
    void aProgramThatClosesItsInputIsEndedAndStartedAgain() throws Exception {
        // The program that is started for the second call numbers its requests from 1 again.
        var script = "while read l; do case $l in *'initialize\"'*) " + print(INITIALIZED) + ";; *tools/list*) "
                + print(ONE_TOOL) + ";; *'\"id\":3'*) exec 0<&-\n" + print(text(3, "once"))
                + "while :; do sleep 1; done;;\n"
                + "*tools/call*) " + print(text(2, "again")) + ";; esac; done";
        try (var mcp = server(script).connect()) {
            var tools = mcp.tools();
            assertThat(ToolRun.resultWith("go", "{}", tools)).isEqualTo("once");
            assertThat(ToolRun.resultWith("go", "{}", tools)).isEqualTo("again");
            await().atMost(AT_ONCE)
                    .until(() -> running().stream()
                                    .filter(process -> process.parent()
                                            .filter(parent -> parent.pid()
                                                    == ProcessHandle.current().pid())
                                            .isPresent())
                                    .count()
                            <= 1);
        }
        await().atMost(AT_ONCE).until(() -> running().isEmpty());
    }

    @Test
    void anInterruptedConnectLeavesNoProcess() throws Exception {
        var never = server("echo $$ > " + directory.resolve("pid") + "\nwhile :; do sleep 1; done");
        var failure = new CompletableFuture<Throwable>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                never.connect().close();
            } catch (Exception e) {
                failure.complete(e);
            }
        });
        await().atMost(AT_ONCE)
                .until(() ->
                        Files.exists(directory.resolve("pid")) && !running().isEmpty());
        thread.interrupt();
        assertThat(failure.get()).isInstanceOf(IOException.class).hasMessageContaining("interrupted");
        assertThat(running()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"1999-01-01\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"no\"}"
            })
    void aFailedHandshakeLeavesNoProcess(String answer) throws Exception {
        var server = server("read l\n" + print(answer) + "while :; do sleep 1; done");
        assertThatExceptionOfType(IOException.class).isThrownBy(server::connect);
        assertThat(running()).isEmpty();
    }

    @Test
    void aServerThatDoesNotAnswerIsEndedAfterTheTimeout() throws Exception {
        var server = server("while :; do sleep 1; done").connectTimeout(Duration.ofMillis(200));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(server::connect)
                .withMessageContaining("did not respond");
        assertThat(running()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":[]}",
                "{\"type\":\"object\",\"properties\":null,\"required\":{}}",
                "{\"properties\":{\"a\":{\"type\":\"object\",\"properties\":[],\"required\":false}}}",
                "{\"type\":[\"object\",\"null\"],\"properties\":{\"a\":[]}}",
                "{\"type\":\"object\",\"properties\":{\"list\":{\"type\":\"array\",\"items\":[]}},\"$defs\":[]}",
                "[]",
                "null",
                "{}"
            })
    void harmlessMistakesInSchemasAreRepaired(String schema) throws Exception {
        var tools = list("{\"name\":\"go\",\"inputSchema\":" + schema + "},{\"name\":\"bare\"}");
        try (var mcp = serverOf(tools, "read l\n" + print(text(3, "done"))).connect()) {
            assertThat(mcp.tools()).hasSize(2).allSatisfy(tool -> {
                assertThat(tool.definition().parameters().path("type").asText()).isEqualTo("object");
                assertThat(tool.definition().parameters().path("properties").isObject())
                        .isTrue();
                assertThat(tool.definition().parameters().toString())
                        .doesNotContain("\"properties\":[]", "\"required\":{}", "\"required\":false");
            });
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"bad\",\"inputSchema\":\"text\"}",
                "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"string\"}}",
                "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"object\",\"properties\":\"none\"}}",
                "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"a\":\"string\"}}}",
                "{\"name\":\"bad\",\"inputSchema\":{\"properties\":{\"a\":{\"properties\":[1]}}}}",
                "{\"name\":\"\",\"inputSchema\":{}}",
                "{\"name\":7}",
                "{\"inputSchema\":{}}",
                "\"tool\"",
                "null",
                "[]",
                "{\"name\":\"good\",\"inputSchema\":{},\"description\":\"a second one\"}"
            })
    void aToolThatCannotBeUsedIsLeftOutAndTheOthersRemain(String bad) throws Exception {
        var good = "{\"name\":\"good\",\"inputSchema\":{},\"description\":\"the first one\"}";
        try (var mcp = serverOf(list(good + "," + bad + ",{\"name\":\"last\"}"), "read l\n" + print(text(3, "done")))
                .connect()) {
            assertThat(mcp.tools()).extracting(ToolSpec::name).containsExactly("good", "last");
            assertThat(mcp.tools().getFirst().definition().description()).isEqualTo("the first one");
            assertThat(ToolRun.resultWith("good", "{}", mcp.tools())).isEqualTo("done");
        }
    }

    @Test
    void namesThatModelsCannotTellApartGetNumbers() throws Exception {
        var same = "n".repeat(70);
        var tools = list("{\"name\":\"a.b\"},{\"name\":\"a/b\"},{\"name\":\"a_b\"},{\"name\":\"" + same
                + "1\"},{\"name\":\"" + same + "2\"}");
        var script = "read l\ncase $l in *'\"name\":\"a/b\"'*) " + print(text(3, "the second")) + ";; esac\nread l";
        try (var mcp = serverOf(tools, script).connect()) {
            assertThat(mcp.tools())
                    .extracting(ToolSpec::name)
                    .containsExactly("a_b", "a_b_2", "a_b_3", "n".repeat(64), "n".repeat(62) + "_2");
            assertThat(ToolRun.resultWith("a_b_2", "{}", mcp.tools())).isEqualTo("the second");
        }
    }

    @Test
    void aListOfMoreToolsThanAnyModelTakesIsRefused() throws Exception {
        var many = "{},".repeat(10_001) + "{}";
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> serverOf(list(many), "read l").connect())
                .withMessageContaining("more than 10000 tools");
        assertThat(running()).isEmpty();
    }
}
