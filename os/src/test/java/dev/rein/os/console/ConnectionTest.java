package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.os.AgentOSBuilder;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key, broken connections, restarts of the server, and slow networks. */
class ConnectionTest extends ConsoleTest {
    private static final String KEY = "open-sesame";

    private Proxy proxy;
    private String key;

    @Override
    protected AgentOSBuilder customized(AgentOSBuilder builder) {
        return key == null ? builder : builder.securityKey(key);
    }

    @AfterEach
    void closeProxy() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
    }

    private void withKey() {
        os.close();
        key = KEY;
        os = serve(0);
    }

    private void openThroughProxy() throws IOException {
        proxy = new Proxy(os.port());
        page.open(proxy.url() + "/console#/run");
        page.untilShown("nav");
    }

    // ---- the key

    @Test
    void aWrongKeyIsRefusedAndTheRightOneIsKeptForTheTab() {
        withKey();
        open("run");
        page.type(".gate input", "wrong");
        page.press("Continue");
        page.untilText(".gate .problem", "does not accept this key");
        page.type(".gate input", KEY);
        page.press("Continue");
        page.untilShown("nav");
        assertThat(page.eval("JSON.stringify([sessionStorage.length, localStorage.length, document.cookie])")
                        .asText())
                .isEqualTo("[1,0,\"\"]");
        page.open(os.url() + "/console#/server");
        page.untilText(".tile", "Good");
        page.press("Forget the key");
        page.untilShown(".gate input");
        assertThat(page.eval("sessionStorage.length").asInt()).isZero();
    }

    @Test
    void aLinkMayBringTheKeyWhichIsRemovedFromTheAddress() {
        withKey();
        page.open(os.url() + "/console#key=" + KEY);
        page.untilShown("nav");
        assertThat(page.eval("location.href").asText()).doesNotContain(KEY).endsWith("#/run");
    }

    @Test
    void runsWorkWithAKey() {
        withKey();
        page.open(os.url() + "/console#key=" + KEY);
        model.answer("Hello.");
        say("Hi");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".markdown")).isEqualTo("Hello.");
    }

    // ---- connections

    @Test
    void aCutStreamContinuesWithNothingLostAndNothingTwice() throws Exception {
        var words = IntStream.range(0, 300).mapToObj(i -> "w" + i + " ").toArray(String[]::new);
        model.answer(Script.tokens(words).dripEvery(Duration.ofMillis(5)));
        openThroughProxy();
        say("Count");
        for (var i = 1; i <= 4; i++) {
            page.untilText(".markdown", "w" + i * 50 + " ");
            proxy.cut();
        }
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".markdown"))
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "w" + i).collect(Collectors.joining(" ")));
        assertThat(model.callsStarted()).isEqualTo(1);
        assertThat(page.count(".problem")).isZero();
    }

    /** More than the server keeps in memory; what is stored of a run has its text at its end only. */
    @Test
    void textThatWasMissedAltogetherIsShownWhenTheRunEnds() throws Exception {
        var words = IntStream.range(0, 20_000).mapToObj(i -> "w" + i + " ").toArray(String[]::new);
        model.answer(Script.text("First ").thenPause(Duration.ofSeconds(2)).thenTokens(words));
        openThroughProxy();
        say("Count");
        page.untilText(".markdown", "First");
        proxy.breakAll();
        await().until(() -> runs.live().isEmpty());
        proxy.mend(os.port());
        page.untilText(".run.top .status", "Completed");
        page.untilText(".markdown", "w19999");
        assertThat(page.text(".markdown")).startsWith("First w0 w1 ");
    }

    @Test
    void aLostConnectionIsShownUntilItIsBack() throws Exception {
        model.answer(Script.text("One ").thenHang());
        openThroughProxy();
        say("Count");
        page.untilText(".markdown", "One");
        proxy.breakAll();
        page.untilText(".notice", "Connecting again");
        proxy.mend(os.port());
        page.untilGone(".exchange > .notice");
        page.click(".composer button.stop");
        page.untilText(".notice.good", "Stopped in");
        assertThat(page.text(".markdown")).isEqualTo("One");
    }

    @Test
    void aRestartOfTheServerInTheMiddleOfAStreamIsTheEndOfTheRun() throws Exception {
        model.answer(Script.text("One ").thenHang()).answer("Two");
        openThroughProxy();
        say("Count");
        page.untilText(".markdown", "One");
        proxy.breakAll();
        os.close();
        page.untilText(".notice", "Connecting again");
        os = serve(0);
        proxy.mend(os.port());
        page.untilText(".run.top .status", "Stopped");
        assertThat(page.text(".markdown")).isEqualTo("One");
        say("And then?");
        page.untilText(".exchange:nth-of-type(2) .markdown", "Two");
    }

    @Test
    void aSlowNetworkOnlyTakesLonger() {
        model.answer(Script.text("Slow but whole."));
        page.slow(150, 200_000);
        open("run");
        say("Hi");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".markdown")).isEqualTo("Slow but whole.");
    }
}
