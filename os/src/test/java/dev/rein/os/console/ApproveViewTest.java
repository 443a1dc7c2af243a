package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** Approve: the questions of paused runs, and the decisions of people. */
class ApproveViewTest extends ConsoleTest {
    private static final Script DELETE = Script.toolCall("delete_file", "{\"path\":\"/data/file\"}");

    private String paused(String path) throws Exception {
        var id = begin(path, "Clean", "s1");
        await().until(() ->
                runs.find(id).filter(run -> run.status() == RunStatus.PAUSED).isPresent());
        return id;
    }

    private void assertResult(String text) {
        await().until(() -> model.requests().getLast().messages().toString().contains(text));
    }

    @Test
    void aToolIsApproved() throws Exception {
        model.answer(DELETE).answer("Done.");
        var id = paused("/agents/writer");
        open("approve");
        page.untilText(".question h3", "Allow delete_file?");
        assertThat(page.text(".question pre")).contains("/data/file");
        assertThat(page.text("nav .badge.approve")).isEqualTo("1");
        page.press("Approve");
        page.click(".question button.primary");
        page.untilText(".empty", "Nothing waits for you");
        await().until(() -> store.run(id).orElseThrow().status() == RunStatus.COMPLETED);
        assertResult("deleted /data/file");
    }

    @Test
    void aToolOfAMemberIsRefusedWithANote() throws Exception {
        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"Clean\"}"))
                .answer(DELETE)
                .answer("I may not.")
                .answer("It may not.");
        var id = paused("/teams/newsroom");
        open("approve");
        page.type(".question input", "keep it");
        page.press("Refuse");
        page.untilText(".empty", "Nothing waits for you");
        await().until(() -> store.run(id).orElseThrow().status() == RunStatus.COMPLETED);
        assertThat(model.requests().toString()).contains("keep it").doesNotContain("deleted /data/file");
    }

    @Test
    void aToolOfAStepIsApproved() throws Exception {
        model.answer(DELETE).answer("notes").answer("facts").answer("style");
        var id = paused("/workflows/article");
        open("approve");
        page.untilText(".question", "Step gather");
        page.click(".question button.primary");
        page.untilText(".empty", "Nothing waits for you");
        await().until(() -> store.run(id).orElseThrow().status() == RunStatus.COMPLETED);
    }

    @Test
    void aRunThatIsWatchedAsksInTheConversationAndGoesOn() {
        model.answer(DELETE).answer("Done.");
        open("run");
        say("Clean");
        page.untilText(".question h3", "Allow delete_file?");
        page.click(".question button.primary");
        page.untilText(".run.top .status", "Completed");
        assertThat(page.text(".tool")).contains("delete_file");
        assertThat(page.text(".parts > .markdown")).isEqualTo("Done.");
        assertThat(page.count(".question")).isZero();
    }
}
