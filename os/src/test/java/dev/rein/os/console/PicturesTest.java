package dev.rein.os.console;

import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.os.AgentOSBuilder;
import dev.rein.run.RunStatus;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.tool.Tool;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Makes the pictures of docs/console.md: {@code -Drein.console.pictures=../docs/images}. */
@EnabledIfSystemProperty(named = "rein.console.pictures", matches = ".+")
class PicturesTest extends ConsoleTest {
    /** Tools of a shop. */
    public static final class Shop {
        @Tool(value = "Find orders", name = "find_orders")
        public String findOrders(String customer) {
            return "[{\"order\": 1042, \"item\": \"lamp\", \"state\": \"delivered\"}]";
        }

        @Tool(value = "Refund an order", name = "refund", requiresConfirmation = true)
        public String refund(int order, String amount) {
            return "refunded " + amount;
        }
    }

    private Agent agent(String name, String description) {
        return Agent.builder()
                .name(name)
                .description(description)
                .runs(runs)
                .model(model)
                .tools(new Shop())
                .build();
    }

    @Override
    protected AgentOSBuilder customized(AgentOSBuilder builder) {
        var research = agent("Researcher", "Finds facts");
        var writer = agent("Writer", "Writes texts");
        return builder.name("Acme Assistants")
                .agents(agent("Support", "Answers customers"), research, writer)
                .teams(Team.builder()
                        .name("Newsroom")
                        .description("A researcher and a writer")
                        .runs(runs)
                        .model(model)
                        .members(research, writer)
                        .build())
                .workflows(Workflow.builder()
                        .name("Article")
                        .description("From research to a text")
                        .runs(runs)
                        .steps(
                                Step.of("research", research),
                                Parallel.of("draft", Step.of("text", writer), Step.of("summary", writer)),
                                Step.of("edit", writer))
                        .build());
    }

    private void picture(String name) {
        page.picture(Path.of(System.getProperty("rein.console.pictures"), "console-" + name + ".png"));
    }

    @Test
    void pictures() throws Exception {
        model.id("gpt-4o-mini");
        page.size(1120, 700);
        model.answer(Script.toolCall("find_orders", "{\"customer\":\"4711\"}").dripEvery(Duration.ofMillis(40)))
                .answer(Script.toolCall("refund", "{\"order\":1042,\"amount\":\"$49.00\"}"));
        open("run");
        say("My lamp arrived broken. Can I have my money back?");
        page.untilShown(".question");
        picture("approve");
        page.click(".question button");
        model.answer(
                "Done: **$49.00** is on its way back to you.\n\n- It takes two or three days.\n- You may keep the lamp.");
        page.untilText(".run.top .status", "Completed");

        model.answer(Script.toolCall("find_orders", "{\"customer\":\"all\"}").dripEvery(Duration.ofMillis(150)))
                .answer(Script.text("Lamps lead, chairs follow.").dripEvery(Duration.ofMillis(200)))
                .answer(Script.text(
                                "Lamps are back, and this time they are here to stay.\n\nAfter three quiet years, orders for desk"
                                        + " lamps have doubled since the spring. ")
                        .dripEvery(Duration.ofMillis(10))
                        .thenHang())
                .answer(Script.text("Orders of lamps have doubled.")
                        .dripEvery(Duration.ofMillis(40))
                        .thenHang());
        choose("workflow article");
        page.untilShown(".flow .node");
        say("What sells best this year?");
        page.until("document.querySelectorAll('.flow .node.RUNNING').length === 3");
        page.until("document.querySelector('.page .scroll').innerText.includes('have doubled since')");
        page.until("document.querySelector('.page .scroll').innerText.includes('lamps have doubled.')");
        page.eval("document.querySelector('.page .scroll').scrollTop = 0");
        picture("run");

        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"researcher\",\"task\":\"Facts\"}"))
                .answer(Script.forever(Duration.ofMillis(25)));
        begin("/teams/newsroom", "News", "news");
        model.answer(Script.toolCall("refund", "{\"order\":1043,\"amount\":\"$12.50\"}"));
        var paused = begin("/agents/support", "Refund", "shop");
        await().until(() -> runs.find(paused)
                .filter(run -> run.status() == RunStatus.PAUSED)
                .isPresent());
        open("live");
        page.until("document.querySelectorAll('.liverow').length === 6");
        page.untilText(".liverow", "tok/s");
        picture("live");
        page.press("Stop Newsroom");
        page.untilText(".liverow.over", "Stopped in");

        open("history");
        page.press("What sells best");
        page.untilShown(".timeline .span");
        page.press("Stop");
        page.untilText(".rundetail .notice", "Stopped by");
        page.untilText(".lane", "ms");
        picture("timeline");

        page.dark(true);
        open("server");
        page.untilShown(".chart rect.cancelled");
        picture("server");
        page.size(390, 780);
        open("run");
        page.untilShown(".run.top");
        page.eval("document.querySelector('.page .scroll').scrollTop = 1e6");
        picture("phone");
    }
}
