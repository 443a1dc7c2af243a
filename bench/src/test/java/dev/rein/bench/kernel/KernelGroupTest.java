package dev.rein.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import dev.rein.runtime.Runs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class KernelGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new KernelGroup(Sizes.TINY), folder);

        assertThat(rows)
                .containsKeys(
                        "cancel_to_socket_closed/before_headers",
                        "cancel_to_socket_closed/before_headers (p50)",
                        "cancel_to_terminal_event/before_first_token",
                        "cancel_to_terminal_event/mid_stream (p50)",
                        "tokens_after_cancel/mid_stream (max)",
                        "cancel_session/20_runs/all_terminal (max)",
                        "cancel_session/20_runs/all_sockets_closed (max)",
                        "waiting_run/heap (max)",
                        "agent_construction/named/time",
                        "agent_construction/named/allocated (max)",
                        "run/from_virtual_thread (p50)",
                        "run/from_platform_thread",
                        "stream/time_per_token (p50)",
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
        assertThat(rows.get("cancel_session/20_runs/all_sockets_closed (max)")
                        .get("goal")
                        .isNull())
                .isFalse();
        assertThat(Runs.shared().live()).isEmpty();
    }
}
