package dev.rein.bench.flows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.bench.harness.Runner;
import dev.rein.runtime.Runs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class FlowsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var json = folder.resolve("rows.json");
        var bytes = new ByteArrayOutputStream();
        int code;
        try (var group = new FlowsGroup(Sizes.TINY)) {
            code = new Runner(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(group, json);
        }

        assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        var names = new ArrayList<String>();
        new ObjectMapper()
                .readTree(Files.readString(json))
                .forEach(row -> names.add(row.get("name").asText()));
        assertThat(names)
                .containsExactly(
                        "cancel_workflow/5_branches/all_sockets_closed",
                        "cancel_workflow/5_branches/terminal_event",
                        "one_more_step/function (p50)",
                        "one_more_step/agent (p50)",
                        "one_delegation (p50)");
        assertThat(Runs.live()).isEmpty();
    }
}
