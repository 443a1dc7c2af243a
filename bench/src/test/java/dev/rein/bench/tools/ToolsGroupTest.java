package dev.rein.bench.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class ToolsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void theStopOfEachKindOfToolCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new ToolsGroup(Sizes.TINY), folder);

        for (var kind : new String[] {"thread", "http", "process", "six_processes", "jdbc", "mcp_stdio", "mcp_http"}) {
            assertThat(rows)
                    .containsKeys(
                            "tool_stop/" + kind,
                            "tool_stop/" + kind + "/left_running (max)",
                            "tool_stop/" + kind + "/nothing_left");
        }
        assertThat(rows.get("tool_stop/six_processes").get("goal").asDouble()).isEqualTo(100);
    }
}
