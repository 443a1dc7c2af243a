package dev.rein.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.bench.harness.Runner;
import dev.rein.runtime.Runs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class KernelGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var json = folder.resolve("rows.json");
        var bytes = new ByteArrayOutputStream();
        int code;
        try (var group = new KernelGroup(Sizes.TINY)) {
            code = new Runner(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(group, json);
        }

        assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        var rows = rows(json);
        assertThat(rows)
                .containsKeys(
                        "cancel_to_socket_closed/before_headers",
                        "cancel_to_socket_closed/before_headers (p50)",
                        "cancel_to_terminal_event/before_first_token",
                        "cancel_to_terminal_event/mid_stream (p50)",
                        "tokens_after_cancel/mid_stream (max)",
                        "cancel_session/20_runs/all_terminal (max)",
                        "cancel_session/20_runs/all_sockets_closed (max)",
                        "waiting_run/heap_above_floor (p50)",
                        "agent_construction/named/time (p50)",
                        "agent_construction/named/allocated (p50)",
                        "run/from_virtual_thread (p50)",
                        "run/from_platform_thread_above_floor (p50)",
                        "stream/events_per_second (p50)",
                        "many_runs/50_waiting/start_all (max)",
                        "many_runs/50_waiting/cancel_all (max)");
        // A time below zero would mean that the clocks of the two processes do not compare.
        rows.forEach((name, row) -> {
            if (row.get("unit").asText().equals("ms")) {
                assertThat(row.get("p50").asDouble()).as(name).isPositive();
                assertThat(row.get("floor").asDouble()).as(name).isPositive();
            }
        });
        assertThat(rows)
                .hasEntrySatisfying(
                        "cancel_to_terminal_event/mid_stream",
                        row -> assertThat(row.get("n").asInt()).isEqualTo(3));
        assertThat(Runs.live()).isEmpty();
    }

    private static Map<String, JsonNode> rows(Path json) throws IOException {
        var rows = new HashMap<String, JsonNode>();
        for (var row : new ObjectMapper().readTree(Files.readString(json))) {
            assertThat(rows.put(row.get("name").asText(), row))
                    .as("two rows of one name")
                    .isNull();
        }
        return rows;
    }
}
