package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** Whatever a model or a tool writes is text. */
class HostileAnswerTest extends ConsoleTest {
    private String answered(String text) {
        model.answer(Script.text(text));
        open("run");
        say("Attack");
        page.untilText(".run.top .status", "Completed");
        return page.text(".markdown");
    }

    @Test
    void htmlAndScriptsAreText() {
        var html =
                "<img src=x onerror=\"window.hacked=1\"> <script>window.hacked=1</script> <svg onload=\"window.hacked=1\"></svg>"
                        + " <iframe src=\"javascript:window.hacked=1\"></iframe> <style>*{display:none}</style>";
        assertThat(answered(html)).isEqualTo(html);
        assertThat(page.count(".markdown img, .markdown script, .markdown svg, .markdown iframe, .markdown style"))
                .isZero();
        assertThat(page.eval("typeof window.hacked").asText()).isEqualTo("undefined");
    }

    @Test
    void linksThatAreNotToTheWebAreText() {
        var text = answered(
                "[a](javascript:alert(1)) [b](JaVaScRiPt:alert) [c](data:text/html,x) [d](vbscript:x) [e](file:///etc/passwd)"
                        + " [f](https://example.org/ok) ![g](https://example.org/pixel.png) <javascript:x>");
        assertThat(text).contains("javascript:alert(1)", "[b](JaVaScRiPt:alert)", "[c](data:text/html,x)");
        assertThat(page.eval(
                                "[...document.querySelectorAll('.markdown a')].map(a => a.protocol + a.rel + a.target).join()")
                        .asText())
                .isEqualTo("https:noopener noreferrer_blank,https:noopener noreferrer_blank");
        assertThat(page.count(".markdown img")).isZero();
    }

    @Test
    void controlCharactersAndMarksOfDirectionAreVisible() {
        var text = answered("red \u001b[31m bell \u0007 end \u202egnp.exe\u202c and \u2066x\u2069 nul \u0000");
        assertThat(text)
                .contains("\u241b[31m", "\u2407", "[U+202E]gnp.exe[U+202C]", "[U+2066]x[U+2069]")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void namesArgumentsAndResultsOfToolsAreText() {
        model.answer(Script.toolCall("look_up", "{\"word\":\"<img src=x onerror=window.hacked=1>\\u202e\"}"))
                .answer("Done");
        open("run");
        say("<b>bold</b>");
        page.untilText(".run.top .status", "Completed");
        page.click(".tool summary");
        assertThat(page.text(".tool .toolbody")).contains("<img src=x onerror=window.hacked=1>[U+202E]");
        assertThat(page.text(".said")).isEqualTo("<b>bold</b>");
        assertThat(page.count(".tool img, .said b")).isZero();
        assertThat(page.eval("typeof window.hacked").asText()).isEqualTo("undefined");
    }

    /** No Markdown makes the page slow: each of these took quadratic time in some renderer. */
    @Test
    void markdownOfAnySortIsQuick() {
        var evil = "[".repeat(20_000) + "\n\n" + "*a **b ".repeat(4_000) + "\n\n" + "`".repeat(20_000) + "a\n\n"
                + "> ".repeat(5_000) + "\n\n" + "_".repeat(20_000) + "x\n\n" + "| ".repeat(5_000) + "\n"
                + "|-".repeat(5_000)
                + "|\n\n" + "- ".repeat(5_000) + "\n\n" + "https://".repeat(3_000);
        answered(evil);
        assertThat(page.eval(
                                "(() => { const t = performance.now(); document.querySelector('.markdown').getBoundingClientRect(); return performance.now() - t; })()")
                        .asDouble())
                .isLessThan(5_000);
    }

    @Test
    void fiveMegabytesAreShownAndThePageStaysUsable() {
        var paragraph = "All work and no play makes Jack a dull boy. ".repeat(10) + "\n\n";
        var text = paragraph.repeat(5_000_000 / paragraph.length()) + "The last words.";
        answered(text);
        page.until("document.querySelector('.markdown').textContent.endsWith('The last words.')");
        page.until("(s => s.scrollHeight - s.scrollTop - s.clientHeight < 80)(document.querySelector('.scroll'))");
        assertThat(page.count(".markdown .block")).isLessThan(300);
        page.press("Show earlier text");
        page.until("document.querySelectorAll('.markdown .block').length > 300");
        page.click("nav a[href='#/server']");
        page.untilText(".tile", "Good");
    }
}
