package dev.rein.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.tools.http.HttpTools;
import dev.rein.tools.shell.ShellTools;
import dev.rein.tools.sql.SqlTools;
import dev.rein.tools.web.HackerNewsTools;
import dev.rein.tools.web.WebSearchTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Runs that are stopped at any time during a tool call leave no process, descriptor or thread behind. */
@EnabledOnOs(OS.LINUX)
class NoLeaksTest {
    private static final int ROUNDS = 20;

    @TempDir
    private Path directory;

    private interface Start {
        ToolRun start() throws Exception;
    }

    private static void stopManyTimes(Start start) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var run = start.start();
            if (i % 2 == 0) {
                run.awaitTool();
            }
            run.stop();
        }
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long children() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> Processes.runs(process.pid()))
                .count();
    }

    /** Ignores the carriers of virtual threads, whose number depends on the load of the machine. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
                .count();
    }

    private static void leavesNothingBehind(Start start) throws Exception {
        stopManyTimes(start);
        var descriptors = descriptors();
        var threads = threads();

        stopManyTimes(start);

        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(children()).as("processes").isZero();
            assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 5);
            assertThat(threads()).as("platform threads").isLessThanOrEqualTo(threads + 5);
        });
    }

    @Test
    void shellTool() throws Exception {
        leavesNothingBehind(() -> ToolRun.start(
                new ShellTools(), "run_command", "{'command':'(sleep 300 &) ; sleep 300 & yes > /dev/null'}"));
    }

    @Test
    void httpTools() throws Exception {
        try (var server = new StuckServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")) {
            var tools = HttpTools.builder().allowPrivateAddresses(true).build();
            leavesNothingBehind(() -> ToolRun.start(tools, "http_get", "{'url':'" + server.url() + "'}"));
        }
    }

    @Test
    void webSearchTools() throws Exception {
        try (var server = new StuckServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")) {
            var tools = WebSearchTools.searxng(server.url());
            leavesNothingBehind(() -> ToolRun.start(tools, "web_search", "{'query':'dragons'}"));
        }
    }

    @Test
    void hackerNewsTools() throws Exception {
        var ids = StuckServer.whole("application/json", "[1,2,3,4,5,6,7,8,9,10]");
        try (var server = new StuckServer(1, path -> path.contains("topstories") ? ids : "")) {
            var tools = HackerNewsTools.builder().baseUrl(server.url()).build();
            leavesNothingBehind(() -> ToolRun.start(tools, "get_top_hackernews_stories", "{}"));
        }
    }

    @Test
    void sqlTool() throws Exception {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + directory.resolve("test.db"));
        var tools = new SqlTools(source);
        leavesNothingBehind(() -> ToolRun.start(
                tools,
                "query",
                "{'sql':'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'}"));
    }
}
