package dev.rein.bench.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.bench.harness.Runner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything but the start of the command, with so few values that the figures mean nothing. */
class OsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var json = folder.resolve("rows.json");
        var bytes = new ByteArrayOutputStream();
        int code;
        try (var group = new OsGroup(Sizes.TINY)) {
            code = new Runner(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(group, json);
        }

        assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        var figures = new HashMap<String, Double>();
        new ObjectMapper()
                .readTree(Files.readString(json))
                .forEach(row ->
                        figures.put(row.get("name").asText(), row.get("max").asDouble()));
        assertThat(figures)
                .containsKeys(
                        "waiting_stream/heap (p50)",
                        "waiting_stream/heap_above_floor (p50)",
                        "post_to_socket_closed",
                        "post_to_team_cancelled (p50)",
                        "instant_run/first_byte (p50)",
                        "instant_run/whole (p50)",
                        "streams/4/pace_of_a_stream (max)",
                        "stop_2_of_4/session/last_cancelled_event (max)",
                        "stop_2_of_4/each/last_socket_closed (max)")
                .containsEntry("streams/6/lost (max)", 0.0);
        // A time below zero would mean that the clocks of the processes do not compare.
        assertThat(figures.get("post_to_socket_closed")).isPositive();
    }
}
