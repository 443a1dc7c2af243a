package dev.rein.bench.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.harness.MeasuredRows;
import dev.rein.runtime.Runs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures everything, with so few values that the figures mean nothing. */
class FlowsGroupTest {
    @TempDir
    private Path folder;

    @Test
    void everythingCanBeMeasured() throws IOException {
        var rows = MeasuredRows.of(new FlowsGroup(Sizes.TINY), folder);

        assertThat(rows.keySet())
                .containsExactly(
                        "cancel_workflow/5_branches/all_sockets_closed",
                        "cancel_workflow/5_branches/terminal_event",
                        "workflow_of_51_steps/function (p50)",
                        "workflow_of_51_steps/function",
                        "workflow_of_51_steps/agent (p50)",
                        "workflow_of_51_steps/agent",
                        "team_with_one_delegation (p50)",
                        "team_with_one_delegation");
        assertThat(Runs.shared().live()).isEmpty();
    }
}
