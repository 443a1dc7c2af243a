package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.tools.Processes;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server program that is killed in the middle of calls, again and again, leaves nothing behind and holds no call up. */
@EnabledOnOs(OS.LINUX)
class KilledServersTest {
    /** Measured: at most 0.3 s. A call that hangs would end after two minutes. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Notes its process id and that of a program that it starts at each call, which it never answers. */
    private static final String SERVER = """
            [ -e "$1/gone" ] && exit 9
            while read -r l; do case $l in
            *'"initialize"'*) echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}}}}';;
            *tools/list*) echo '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"go"}]}}';;
            *tools/call*) sleep 1000 > /dev/null 2>&1 & echo "$$ $!" >> "$1/calls";;
            esac; done
            """;

    @TempDir
    private Path directory;

    private McpTools connect() throws IOException {
        Files.writeString(directory.resolve("server.sh"), SERVER);
        Files.createFile(directory.resolve("calls"));
        return McpTools.stdio("sh", directory.resolve("server.sh").toString(), directory.toString())
                .connect();
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private static void kill(String pid) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("rein-mcp"))
                .count();
    }

    @Test
    void aFewKillsLeaveNothingBehind() throws Exception {
        kill(20);
    }

    @Test
    @Tag("thorough")
    void aThousandKillsLeaveNothingBehind() throws Exception {
        kill(1_000);
    }

    private void kill(int times) throws Exception {
        var random = new Random(7);
        var slowest = Duration.ZERO;
        var before = threads();
        try (var mcp = connect()) {
            var tools = mcp.tools();
            for (int i = 0; i < times; i++) {
                var calls = calls().size();
                // Two calls wait for the same program.
                var first = ToolRun.startWith("go", "{}", tools);
                var second = ToolRun.startWith("go", "{}", tools);
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> calls().size() == calls + 2);
                if (random.nextInt(4) == 0) {
                    second.stop();
                }
                kill(calls().getLast().split(" ")[0]);
                var killed = System.nanoTime();
                assertThat(first.finish().result()).contains("ended during the call");
                var took = Duration.ofNanos(System.nanoTime() - killed);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
            }
            await().untilAsserted(() ->
                    assertThat(threads()).as("threads of one program").isLessThanOrEqualTo(before + 3));
        }
        assertThat(slowest).isLessThan(LIMIT);
        System.out.println("slowest " + slowest);
        for (var call : calls()) {
            for (var pid : call.split(" ")) {
                assertThat(Processes.runs(Long.parseLong(pid))).as(pid).isFalse();
            }
        }
        await().until(() -> threads() <= before);
    }

    @Test
    void callsToAProgramThatCannotBeStartedAgainFailAtOnce() throws Exception {
        try (var mcp = connect()) {
            var tools = mcp.tools();
            var run = ToolRun.startWith("go", "{}", tools);
            await().until(() -> !calls().isEmpty());
            Files.createFile(directory.resolve("gone"));
            kill(calls().getFirst().split(" ")[0]);
            run.finish();
            for (int i = 0; i < 5; i++) {
                var started = System.nanoTime();
                assertThat(ToolRun.errorWith("go", "{}", tools)).contains("exit code 9");
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(LIMIT);
            }
        }
    }
}
