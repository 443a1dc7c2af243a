package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs: the sessions, their runs, and what each run did when. */
class HistoryViewTest extends ConsoleTest {
    private String ended(String path, String message, String session) throws Exception {
        var id = begin(path, message, session);
        await().until(() ->
                store.run(id).filter(run -> run.status().isTerminal()).isPresent());
        return id;
    }

    @Test
    void theTimelineHasModelRequestsToolsAndMembers() throws Exception {
        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"Write\"}"))
                .answer(Script.toolCall("look_up", "{\"word\":\"rein\"}"))
                .answer("A strap.")
                .answer("It is a strap.");
        ended("/teams/newsroom", "What+is+a+rein", "s1");
        open("history");
        page.press("What is a rein");
        page.untilShown(".timeline .span");
        page.until(
                "[...document.querySelectorAll('.spanname')].map(e => e.innerText.replace(/\\\\s+/g, ' ').trim()).filter(Boolean).join('|') === "
                        + Page.quoted(
                                "run Newsroom|model scripted-1|tool delegate_task_to_member|run Writer|model scripted-1|tool look_up|"
                                        + "model scripted-1|model scripted-1"));
        page.press("tool look_up");
        page.untilText(".spandetail", "look_up");
        page.press("Answer");
        page.untilText(".answer .markdown", "It is a strap.");
        page.press("Messages");
        page.untilText(".message", "What is a rein");
        page.press("Events");
        page.untilText(".events", "TeamRunCompleted");
    }

    @Test
    void theStepsOfAWorkflowContainTheirRuns() throws Exception {
        model.answer("notes").answer("facts").answer("style");
        ended("/workflows/article", "Write", "s1");
        open("history/s1");
        page.untilShown(".timeline .span");
        page.until("document.querySelectorAll('.span').length === 11");
        assertThat(page.eval(
                                "parseInt([...document.querySelectorAll('.spanname')].find(e => e.innerText.includes('facts')).style.paddingLeft)")
                        .asInt())
                .isGreaterThan(14);
    }

    @Test
    void aStoppedRunSaysWhoStoppedItWhyAndWhatWasInterrupted() throws Exception {
        model.answer(Script.text("Once upon").thenHang());
        var id = begin("/agents/writer", "Write", "s1");
        model.awaitWaiting(1);
        open("history/s1");
        page.click(".rundetail button.stop");
        page.untilText(".rundetail .notice", "Stopped by http");
        assertThat(store.run(id).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(page.text(".rundetail .notice")).contains("user, now");
        page.press("Answer");
        page.untilText(".answer .markdown", "Once upon");
    }

    @Test
    void sessionsAreFoundRenamedCopiedAndDeleted() throws Exception {
        model.answer("One").answer("Two");
        ended("/agents/writer", "apples", "s1");
        ended("/agents/writer", "pears", "s2");
        open("history");
        page.until("document.querySelectorAll('.pane.list .entry').length === 2");
        page.press("apples");
        page.press("Rename");
        page.eval("document.querySelector('dialog input').select()");
        page.type("dialog input", "Fruit");
        page.click("dialog button.primary");
        page.untilText(".pane.wide h2", "Fruit");
        page.type(".pane.list input[type=search]", "Fru");
        page.until("document.querySelectorAll('.pane.list .entry').length === 1");
        page.press("Copy");
        page.until("document.querySelectorAll('.pane.list .entry').length === 2 && !location.hash.endsWith('/s1')");
        page.press("Delete");
        page.click("dialog button.danger");
        page.until("document.querySelectorAll('.pane.list .entry').length === 1");
        assertThat(store.session("s1")).isPresent();
    }

    @Test
    void runsAreFilteredByStatusAndText() throws Exception {
        model.answer("One").answer("Two").answer(Script.text("x").thenHang());
        ended("/agents/writer", "apples", "s1");
        ended("/agents/writer", "pears", "s1");
        begin("/agents/writer", "plums", "s1");
        model.awaitWaiting(1);
        open("history/s1");
        page.until("document.querySelectorAll('.runs > li').length === 3");
        page.choose("select[aria-label=Status]", "COMPLETED");
        page.until("document.querySelectorAll('.runs > li').length === 2");
        page.type("input[aria-label='Find in these runs']", "pear");
        page.until("document.querySelectorAll('.runs > li').length === 1");
        page.untilText(".runs > li", "pears");
    }

    @Test
    void aRunThatAnotherClientStreamsIsShown() throws Exception {
        model.answer(Script.text("x").thenHang());
        try (var client = HttpClient.newHttpClient()) {
            var stream = client.sendAsync(
                    HttpRequest.newBuilder(URI.create(os.url() + "/agents/writer/runs"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("message=apples&session_id=s1"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            model.awaitWaiting(1);
            open("live");
            page.press("Writer");
            page.untilText(".runs > li", "apples");
            page.click(".rundetail button.stop");
            page.untilText(".rundetail .notice.good", "Stopped in");
            assertThat(stream.get(30, TimeUnit.SECONDS).body()).contains("RunCancelled");
        }
    }

    @Test
    void aRunIsFollowedUp() throws Exception {
        model.answer("One").answer("Two");
        ended("/agents/writer", "apples", "s1");
        open("history/s1");
        page.type(".followup input", "and pears?");
        page.press("Continue");
        page.until("document.querySelectorAll('.runs > li').length === 2");
        page.untilText(".runs > li", "and pears?");
    }
}
