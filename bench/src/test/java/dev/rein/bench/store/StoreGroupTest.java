package dev.rein.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class StoreGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new StoreGroup(Sizes.TINY), folder);

        assertThat(rows.keySet())
                .containsExactly(
                        "append_run/10th (p50)",
                        "append_run/12th (p50)",
                        "append_run/12th",
                        "run_of_500_chunks/stored (p50)",
                        "run_of_500_chunks/stored",
                        "run_of_500_chunks/stored_with_all_events (p50)",
                        "run_of_500_chunks/stored_with_all_events",
                        "cancel_elsewhere/socket_closed (p50)",
                        "cancel_elsewhere/socket_closed",
                        "cancel_elsewhere/answer (p50)",
                        "cancel_elsewhere/answer",
                        "paused_runs/100_idle (p50)");
    }
}
