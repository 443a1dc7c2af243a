package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Message;
import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.run.event.PostHookCompleted;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hooks that put another text in place of the answer. */
class RewriteHookTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final TestModel model = TestModel.of(says("My ", "secret"));

    private AgentBuilder agent() {
        return Agent.builder().id("m").model(model).store(store).storeWait(Duration.ofMinutes(1));
    }

    private static String failure(dev.rein.run.RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        return Objects.requireNonNull(output.failure()).message();
    }

    @Test
    void theReturnedTextIsTheAnswerEverywhere() {
        var output = agent().rewrite("hide", (text, context) -> text.replace("secret", "***"))
                .build()
                .run("Tell", RunOptions.defaults().sessionId("s"));
        assertThat(output.text()).isEqualTo("My ***");
        assertThat(output.messages()).extracting(Message::content).containsExactly("Tell", "My ***");
        var row = store.run(output.runId()).orElseThrow();
        assertThat(row.text()).isEqualTo("My ***");
        assertThat(row.messages()).extracting(Message::content).containsExactly("Tell", "My ***");
    }

    @Test
    void hooksRunInTheirOrderAndEachSeesTheTextSoFar() {
        var seen = new ArrayList<String>();
        var output = agent().after("one", (text, context) -> seen.add(text))
                .rewrite("two", (text, context) -> "2")
                .after("three", (text, context) -> seen.add(text))
                .rewrite("four", (text, context) -> text + "4")
                .build()
                .run("Tell");
        assertThat(seen).containsExactly("My secret", "2");
        assertThat(output.text()).isEqualTo("24");
    }

    @Test
    void aStreamHasTheDeliveredTextAndAnEventWithTheReplacement() {
        try (var events = agent().rewrite("hide", (text, context) -> "***").build().stream("Tell")) {
            var all = Events.rest(events);
            assertThat(Events.only(RunContent.class, all))
                    .extracting(RunContent::content)
                    .containsExactly("My ", "secret");
            assertThat(Events.only(PostHookCompleted.class, all))
                    .extracting(PostHookCompleted::replacement)
                    .containsExactly("***");
            assertThat(Events.only(RunCompleted.class, all))
                    .extracting(RunCompleted::content)
                    .containsExactly("***");
        }
    }

    @Test
    void aHookThatLeavesTheTextReplacesNothing() {
        try (var events = agent().rewrite("same", (text, context) -> text).build().stream("Tell")) {
            assertThat(Events.only(PostHookCompleted.class, Events.rest(events)))
                    .extracting(PostHookCompleted::replacement)
                    .containsOnlyNulls();
            assertThat(events.output().text()).isEqualTo("My secret");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake that is tested.
    void nullAndExceptionsEndTheRunWithTheNameOrMessage() {
        assertThat(failure(
                        agent().rewrite("bad", (text, context) -> null).build().run("Tell")))
                .contains("hook \"bad\" returned null");
        assertThat(failure(agent().rewrite("bad", (text, context) -> {
                            throw new IllegalStateException("no answer");
                        })
                        .build()
                        .run("Tell")))
                .contains("no answer");
    }

    @Test
    void aTypedAnswerKeepsItsType() {
        var typed = TestModel.of(says("[\"a\"]"));
        var agent = Agent.builder()
                .model(typed)
                .rewrite("more", (text, context) -> "{\"value\": [\"b\"]}")
                .build();
        assertThat(agent.run("Tell", new dev.rein.run.TypeRef<List<String>>() {})
                        .value())
                .containsExactly("b");
        var wrong = Agent.builder()
                .model(typed)
                .rewrite("bad", (text, context) -> "none")
                .build();
        assertThat(failure(wrong.run("Tell", new dev.rein.run.TypeRef<List<String>>() {})
                        .output()))
                .contains("hook \"bad\" returned a text that is not a valid List<String>");
    }

    @Test
    void theAnswerOfARouteTeamIsThatOfItsMembersHook() {
        var leader = TestModel.of(calls(new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"m\"}")));
        var output = Team.builder()
                .mode(TeamMode.ROUTE)
                .model(leader)
                .members(agent().rewrite("hide", (text, context) -> "***").build())
                .build()
                .run("Tell");
        assertThat(output.text()).isEqualTo("***");
    }

    @Test
    void aRunThatIsStoppedInALaterHookKeepsWhatWasDelivered() throws Exception {
        var blocks = new CountDownLatch(1);
        var run = agent().rewrite("hide", (text, context) -> "***")
                .rewrite("slow", (text, context) -> {
                    blocks.countDown();
                    new CountDownLatch(1).await();
                    return text;
                })
                .build()
                .start("Tell", RunOptions.defaults().sessionId("s"));
        assertThat(blocks.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();
        var output = run.await(Duration.ofMinutes(1));
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo("My secret");
        assertThat(store.run(output.runId()).orElseThrow().messages())
                .extracting(Message::content)
                .contains("My secret")
                .doesNotContain("***");
    }
}
