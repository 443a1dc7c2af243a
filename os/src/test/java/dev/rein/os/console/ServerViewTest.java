package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.os.AgentOSBuilder;
import dev.rein.os.ServerLimits;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** Server: health, load, limits and the last hour. */
class ServerViewTest extends ConsoleTest {
    @Override
    protected AgentOSBuilder customized(AgentOSBuilder builder) {
        return builder.limits(ServerLimits.standard().backgroundRuns(1));
    }

    @Test
    void queuedRunsSayHowManyAreBeforeThem() throws Exception {
        model.answer(Script.text("x").thenHang());
        begin("/agents/writer", "Write", "s1");
        model.awaitWaiting(1);
        begin("/agents/writer", "Write", "s2");
        begin("/agents/writer", "Write", "s3");
        open("live");
        page.untilText(".liverow:not(.over)", "queued, the next one");
        page.untilText(".liverow:not(.over)", "queued, 1 before it");
        open("server");
        page.until(
                "[...document.querySelectorAll('.tile')].find(e => e.innerText.includes('Queue')).querySelector('b').innerText === '2'");
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @Test
    void theLoadAndTheLastHourAreShown() throws Exception {
        model.answer("One").answer(Script.text("x").thenHang());
        begin("/agents/writer", "Write", "s1");
        await().until(() -> runs.live().isEmpty());
        begin("/agents/writer", "Write", "s1");
        model.awaitWaiting(1);
        open("server");
        page.untilText(".tile", "Good");
        page.until(
                "[...document.querySelectorAll('.tile')].find(e => e.innerText.includes('Live runs')).querySelector('b').innerText === '1'");
        page.untilShown(".chart rect.completed");
        page.untilShown(".chart rect.started");
        assertThat(page.text(".limits")).contains("32 MiB");
        assertThat(page.text(".column")).contains("Test server", "open on this machine");
    }
}
