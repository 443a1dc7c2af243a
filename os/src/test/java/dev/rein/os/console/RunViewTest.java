package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.model.ModelException;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Run: messages, answers, tools, members, steps, and the stop. */
class RunViewTest extends ConsoleTest {
    @Test
    void anAnswerIsShownAsMarkdown() {
        model.answer(
                "# Title\n\nSome **bold** text with `code` and [a link](https://example.org).\n\n- one\n- two\n\n```java\nvar x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        open("run");
        say("Write something");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".markdown .h1")).isEqualTo("Title");
        assertThat(page.text(".markdown strong")).isEqualTo("bold");
        assertThat(page.eval("document.querySelector('.markdown a').href").asText())
                .isEqualTo("https://example.org/");
        assertThat(page.count(".markdown li")).isEqualTo(2);
        assertThat(page.text(".markdown pre")).isEqualTo("var x = 1;");
        assertThat(page.count(".markdown td")).isEqualTo(2);
        assertThat(page.text(".said")).isEqualTo("Write something");
    }

    @Test
    void aToolIsACardWithItsArgumentsAndItsResult() {
        model.answer(Script.empty()
                        .thenReasoning("I should look it up.")
                        .thenToolCall("look_up", "{\"word\":\"rein\"}"))
                .answer("It is a strap.");
        open("run");
        say("What is a rein?");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".tool summary")).contains("look_up", "rein");
        page.click(".tool summary");
        assertThat(page.text(".tool .toolbody")).contains("\"word\": \"rein\"", "\"found\": true");
        assertThat(page.text(".reasoning")).doesNotContain("look it up");
        page.click(".reasoning summary");
        assertThat(page.text(".reasoning")).contains("I should look it up.");
        assertThat(page.text(".markdown")).isEqualTo("It is a strap.");
    }

    @Test
    void theMembersOfATeamAreShownWithinItAndStopWithIt() {
        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"Write\"}"))
                .answer(Script.text("Once upon a time").thenHang());
        open("run");
        choose("team newsroom");
        say("Write an article");
        page.untilText(".run.top .run .markdown", "Once upon a time");
        assertThat(page.text(".run.top > .runhead")).contains("Newsroom");
        assertThat(page.text(".run.top .run .runhead")).contains("Writer");
        page.click(".composer button.stop");
        page.untilText(".notice.good", "Stopped in");
        page.untilText(".run.top > .runhead .status", "Stopped");
        assertThat(page.text(".notice.good")).contains("nothing left running");
        page.untilGone(".spin");
        await().until(() -> runs.live().isEmpty());
        assertThat(model.callsOpen()).isZero();
    }

    @Test
    void aMemberAloneCanBeStopped() {
        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"Write\"}"))
                .answer(Script.text("Once upon a time").thenHang())
                .answer("The writer was stopped.");
        open("run");
        choose("team newsroom");
        say("Write an article");
        page.untilText(".run.top .run .markdown", "Once upon a time");
        page.click(".run.top .run button[aria-label='Stop Writer']");
        page.untilText(".run.top > .runhead .status", "Completed");
        page.untilText(".run.top .run .status", "Stopped");
        page.untilText(".run.top > .parts > .markdown", "The writer was stopped.");
    }

    @Test
    void theStepsOfAWorkflowAreDrawnWithWhatTheyDo() {
        model.answer("notes").answer("facts").answer(Script.text("styl").thenHang());
        open("run");
        choose("workflow article");
        page.untilShown(".flow .node");
        assertThat(page.eval("[...document.querySelectorAll('.flow .node > .nodehead b')].map(e => e.innerText).join()")
                        .asText())
                .isEqualTo("gather,improve,facts,style");
        say("Write");
        page.untilShown(".flow .node.COMPLETED");
        page.until("document.querySelectorAll('.flow .node.group.RUNNING .node.COMPLETED').length === 1");
        page.until("document.querySelectorAll('.flow .node.group .node.RUNNING').length === 1");
        page.click(".composer button.stop");
        page.untilText(".notice.good", "Stopped in");
        page.until("document.querySelectorAll('.flow .node.RUNNING').length === 0");
    }

    @Test
    void aMessageSentWhileTheRunWorksStopsItFirst() {
        model.answer(Script.text("One").thenHang()).answer("Two");
        open("run");
        say("first");
        page.untilText(".markdown", "One");
        say("second");
        page.untilText(".exchange:nth-of-type(2) .markdown", "Two");
        assertThat(page.text(".exchange .runhead .status")).isEqualTo("Stopped");
        assertThat(model.requests().getLast().messages().toString()).contains("second");
    }

    @Test
    void aMessageCanWaitForTheEndOfTheRun() {
        model.answer(Script.text("One").thenHang()).answer("Two");
        open("run");
        say("first");
        page.untilText(".markdown", "One");
        page.type(".composer textarea", "second");
        page.choose(".composer select", "queue");
        page.key("Enter");
        page.untilText(".said.queued", "is sent when the run has ended");
        assertThat(model.callsStarted()).isEqualTo(1);
        page.click(".composer button.stop");
        page.untilText(".exchange:nth-of-type(2) .markdown", "Two");
    }

    @Test
    void theConversationContinuesInItsSession() {
        model.answer("One").answer("Two");
        open("run");
        say("first");
        page.untilText(".markdown", "One");
        page.untilText(".run.top .status", "Completed");
        say("second");
        page.untilText(".exchange:nth-of-type(2) .status", "Completed");
        assertThat(store.sessions(dev.rein.session.SessionQuery.all()).items()).hasSize(1);
        page.press("New");
        page.untilGone(".exchange");
    }

    @Test
    void aFailureIsShown() {
        model.fails(new ModelException(ModelException.Kind.BAD_REQUEST, "no such model"));
        open("run");
        say("hello");
        page.untilText(".run.top .status", "Failed");
        assertThat(page.text(".run .problem")).contains("no such model");
    }

    @Test
    void aPictureIsSentAndShown() throws Exception {
        var file = folder.resolve("dot.png");
        Files.write(
                file,
                java.util.Base64.getDecoder()
                        .decode(
                                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        model.answer("A dot.");
        open("run");
        var object = page.call(
                        "Runtime.evaluate",
                        Browser.params().put("expression", "document.querySelector('input[type=file]')"))
                .path("result")
                .path("objectId")
                .asText();
        var params = Browser.params().put("objectId", object);
        params.putArray("files").add(file.toString());
        page.call("DOM.setFileInputFiles", params);
        page.untilText(".pictures", "dot.png");
        say("What is this?");
        page.untilText(".markdown", "A dot.");
        page.until("document.querySelector('.said img').naturalWidth === 1");
        assertThat(model.request(1).messages().getLast().images()).hasSize(1);
    }

    @Test
    void tokensAndTimeAreShown() {
        model.answer(Script.text("Hi").usage(Usage.of(1_200, 34)));
        open("run");
        say("hello");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".run.top .figures").toLowerCase(Locale.ROOT)).contains("1234 tokens", "s");
    }
}
