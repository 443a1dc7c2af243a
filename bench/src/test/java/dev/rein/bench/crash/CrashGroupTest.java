package dev.rein.bench.crash;

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

/** A few kills: nothing that was called stored is lost, and every session can go on. */
class CrashGroupTest {
    @TempDir
    private Path folder;

    @Test
    void aKilledProcessLeavesWhatItHadStored() throws IOException {
        var json = folder.resolve("rows.json");
        var bytes = new ByteArrayOutputStream();
        int code;
        try (var group = new CrashGroup(Sizes.TINY)) {
            code = new Runner(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(group, json);
        }

        assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        for (var row : new ObjectMapper().readTree(Files.readString(json))) {
            var name = row.get("name").asText();
            if (!name.startsWith("dead_run_ended_after_kill")) {
                assertThat(row.get("max").asDouble()).as(name).isZero();
            }
        }
    }
}
