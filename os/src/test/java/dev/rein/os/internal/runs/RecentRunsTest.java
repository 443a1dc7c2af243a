package dev.rein.os.internal.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.Image;
import dev.rein.run.RunInput;
import dev.rein.runtime.RunOptions;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory of ended runs whose events are kept. */
class RecentRunsTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final String LONG = "x".repeat(MEBIBYTE);

    /** Runs an agent several times; returns how many of the runs are kept in 10 MiB. */
    private static int kept(Agent agent, RunInput input) throws InterruptedException {
        var recent = new RecentRuns(System::nanoTime, 10 * MEBIBYTE);
        var ids = new ArrayList<String>();
        for (var i = 0; i < 20; i++) {
            var run = agent.start(input, RunOptions.defaults());
            recent.add(run);
            run.await();
            recent.ended(run, true);
            ids.add(run.id());
        }
        var kept = ids.stream().filter(id -> recent.find(id).isPresent()).toList();
        assertThat(ids).endsWith(kept.toArray(String[]::new));
        return kept.size();
    }

    @Test
    void shortRunsAreKept() throws Exception {
        assertThat(kept(Agent.of(ScriptedModel.always("ok"), ""), RunInput.of("hi")))
                .isEqualTo(20);
    }

    @Test
    void theInputCounts() throws Exception {
        assertThat(kept(Agent.of(ScriptedModel.always("ok"), ""), RunInput.of(LONG)))
                .isBetween(1, 10);
    }

    @Test
    void imagesCount() throws Exception {
        var image = new Image("data:image/png;base64," + LONG);
        assertThat(kept(Agent.of(ScriptedModel.always("ok"), ""), new RunInput("hi", List.of(image))))
                .isBetween(1, 10);
    }

    @Test
    void theTextAndItsEventsCount() throws Exception {
        assertThat(kept(Agent.of(ScriptedModel.always(LONG), ""), RunInput.of("hi")))
                .isBetween(1, 10);
        var tokens = ScriptedModel.of(Script.tokens("a ".repeat(9_000).split("(?<= )")))
                .repeating();
        assertThat(kept(Agent.of(tokens, ""), RunInput.of("hi"))).isBetween(1, 12);
    }
}
