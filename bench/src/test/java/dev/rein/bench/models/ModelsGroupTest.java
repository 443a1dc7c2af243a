package dev.rein.bench.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class ModelsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void stopsOfEachModelCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new ModelsGroup(2), folder);

        for (var model : new String[] {"openai_responses", "anthropic", "gemini", "ollama"}) {
            assertThat(rows)
                    .containsKeys(
                            "cancel_to_socket_closed/" + model + "/before_headers (p50)",
                            "cancel_to_terminal_event/" + model + "/before_first_token",
                            "tokens_after_cancel/" + model + "/mid_stream (max)");
        }
    }
}
