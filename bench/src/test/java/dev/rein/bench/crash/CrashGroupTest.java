package dev.rein.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills: nothing that was called stored is lost, and every session can go on. */
class CrashGroupTest {
    @TempDir
    private Path folder;

    @Test
    void aKilledProcessLeavesWhatItHadStored() throws IOException {
        MeasuredRows.of(new CrashGroup(Sizes.TINY), folder).forEach((name, row) -> {
            if (!name.startsWith("dead_run_ended_after_kill")) {
                assertThat(row.get("max").asDouble()).as(name).isZero();
            }
        });
    }
}
