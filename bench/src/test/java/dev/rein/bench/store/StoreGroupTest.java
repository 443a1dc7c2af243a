package dev.rein.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.bench.harness.Runner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class StoreGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var json = folder.resolve("rows.json");
        var bytes = new ByteArrayOutputStream();
        int code;
        try (var group = new StoreGroup(Sizes.TINY)) {
            code = new Runner(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(group, json);
        }

        assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(new ObjectMapper().readTree(Files.readString(json)))
                .extracting(row -> row.get("name").asText())
                .containsExactly(
                        "append_run/10th (p50)",
                        "append_run/12th (p50)",
                        "append_run/ratio_of_medians (p50)",
                        "run_of_500_chunks/not_stored (p50)",
                        "run_of_500_chunks/cost_of_storing (p50)",
                        "run_of_500_chunks/cost_of_storing_all_events (p50)",
                        "cancel_elsewhere/socket_closed (p50)",
                        "cancel_elsewhere/socket_closed",
                        "cancel_elsewhere/answer (p50)");
    }
}
