package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The rules of axe-core, in light and dark, and the use with the keyboard. */
class AccessibilityTest extends ConsoleTest {
    private static final String AXE = axe();

    private static String axe() {
        try (var in = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(String view) {
        page.eval(AXE + ";1");
        for (var dark : new boolean[] {false, true}) {
            page.dark(dark);
            var found = page.eval("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v =>"
                    + " v.impact === 'serious' || v.impact === 'critical').map(v => v.id + ': ' + v.nodes.map(n => n.target.join()"
                    + " + ' ' + n.failureSummary).join('; ')).join('\\n'))");
            assertThat(found.asText()).as(view + (dark ? ", dark" : ", light")).isEmpty();
        }
    }

    @Test
    void noViewHasASeriousViolation() throws Exception {
        model.answer(Script.toolCall("look_up", "{\"word\":\"rein\"}"))
                .answer("# Title\n\n`code` and [link](https://example.org)\n\n```\nx\n```")
                .answer(Script.toolCall("delete_file", "{\"path\":\"/data/file\"}"))
                .answer(Script.text("text").thenHang());
        open("run");
        check("run, empty");
        say("What is a rein?");
        page.untilText(".run.top .status", "Completed");
        check("run");
        var paused = begin("/agents/writer", "Clean", "s1");
        await().until(() -> runs.find(paused)
                .filter(run -> run.status() == RunStatus.PAUSED)
                .isPresent());
        begin("/agents/writer", "Write", "s2");
        model.awaitWaiting(1);
        open("live");
        page.until("document.querySelectorAll('.liverow').length === 2");
        check("live");
        page.press("How to stop Writer");
        page.untilShown("dialog");
        check("the dialog of a stop");
        page.key("Escape");
        page.untilGone("dialog");
        open("approve");
        page.untilShown(".question");
        check("approve");
        page.press("Runs");
        page.press("What is a rein?");
        page.untilShown(".timeline .span");
        check("runs");
        open("server");
        page.untilShown(".tile");
        check("server");
    }

    @Test
    void aRunIsStartedAndStoppedWithTheKeyboardAlone() {
        model.answer(Script.text("Once upon a time").thenHang());
        open("run");
        page.until("document.activeElement.matches('textarea')");
        page.call("Input.insertText", Browser.params().put("text", "Write"));
        page.key("Enter");
        page.untilText(".markdown", "Once upon a time");
        for (var i = 0;
                i < 10
                        && !page.eval("document.activeElement.matches('.composer button.stop')")
                                .asBoolean();
                i++) {
            page.key("Tab");
        }
        page.key("Enter");
        page.untilText(".notice.good", "Stopped in");
    }
}
