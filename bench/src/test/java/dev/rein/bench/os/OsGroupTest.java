package dev.rein.bench.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything but the start of the command, with so few values that the figures mean nothing. */
class OsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new OsGroup(Sizes.TINY), folder);

        assertThat(rows)
                .containsKeys(
                        "waiting_stream/heap (max)",
                        "post_to_socket_closed",
                        "post_to_team_cancelled (p50)",
                        "instant_run/first_content (p50)",
                        "instant_run/whole",
                        "streams/4/first_token",
                        "streams/4/between_tokens",
                        "streams/4/pace_of_a_stream (max)",
                        "stop_2_of_4/session/last_cancelled_event (max)",
                        "stop_2_of_4/each/last_socket_closed (max)");
        assertThat(rows.get("streams/6/lost (max)").get("max").asDouble()).isZero();
        assertThat(rows.get("streams/6/lost (max)").get("floor").asDouble()).isZero();
        assertThat(rows.get("streams/4/between_tokens").get("floor").asDouble()).isPositive();
        // A time below zero would mean that the clocks of the processes do not compare.
        assertThat(rows.get("post_to_socket_closed").get("max").asDouble()).isPositive();
    }
}
