package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tools.ToolRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server reports during a call becomes events of the run. */
class ProgressTest {
    @TempDir
    private Path directory;

    private static List<RunEvent> events(McpTools mcp, String arguments) {
        var model = ScriptedModel.create().toolCall("count", arguments).answer("done");
        var agent = Agent.builder().model(model).tools(mcp.tools().toArray()).build();
        var events = new ArrayList<RunEvent>();
        try (var stream = agent.stream("go")) {
            stream.forEach(events::add);
        }
        return events;
    }

    private static List<CustomEvent> progress(List<RunEvent> events) {
        return events.stream()
                .filter(CustomEvent.class::isInstance)
                .map(CustomEvent.class::cast)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void reportsAreEventsBeforeTheEndOfTheCall(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().connect()) {
            var events = events(mcp, "{\"steps\":3,\"millis\":150}");

            var progress = progress(events);
            assertThat(progress).isNotEmpty();
            assertThat(progress.getLast().event()).isEqualTo("tool-progress");
            assertThat(progress.getLast().data())
                    .containsEntry("tool_name", "count")
                    .containsEntry("progress", 3)
                    .containsEntry("total", 3)
                    .containsEntry("message", "step 3")
                    .containsKey("tool_call_id");
            var end = events.stream()
                    .filter(ToolCallCompleted.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(events.indexOf(end)).isGreaterThan(events.indexOf(progress.getLast()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfReportsIsThinnedOutAndTheLastOneIsShown(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().connect()) {
            var started = System.nanoTime();
            var progress = progress(events(mcp, "{\"steps\":20000}"));
            var tenths = Duration.ofNanos(System.nanoTime() - started).toMillis() / 100;
            assertThat(progress).hasSizeLessThanOrEqualTo((int) tenths + 3);
            assertThat(progress.getLast().data()).containsEntry("progress", 20_000);
        }
    }

    /** Makes a call that takes longer than the limit, with a report each quarter of it. */
    private static ToolExecution slowCall(McpTools mcp, Duration limit) throws Exception {
        var arguments = "{'steps':5,'millis':" + limit.toMillis() / 4 + "}";
        return ToolRun.startWith("count", arguments, mcp.tools()).finish();
    }

    @ParameterizedTest
    @EnumSource
    void reportsKeepASlowCallAlive(FullServers kind) throws Exception {
        try (var server = kind.start(directory)) {
            // On a slow machine the reports come later than a short limit allows.
            for (var limit = Duration.ofSeconds(1); ; limit = limit.multipliedBy(4)) {
                try (var mcp = server.client().idleTimeout(limit).connect()) {
                    var call = slowCall(mcp, limit);
                    if (!call.error() || limit.toSeconds() > 15) {
                        assertThat(call.result()).isEqualTo("counted");
                        return;
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void silenceEndsACall(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().idleTimeout(Duration.ofMillis(500)).connect()) {
            assertThat(ToolRun.errorWith("stall", "{}", mcp.tools()))
                    .contains("neither responded nor reported progress within 500 ms");
            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
        }
    }

    @Test
    void anIdleTimeoutMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McpTools.stdio("x").idleTimeout(Duration.ZERO))
                .withMessageContaining("PT0S");
    }
}
