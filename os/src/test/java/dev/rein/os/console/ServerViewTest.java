package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** Server: health, load, limits and the last hour. */
class ServerViewTest extends ConsoleTest {
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
