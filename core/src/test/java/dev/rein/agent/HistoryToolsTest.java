package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.Page;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a model reads of earlier conversations by its tools. */
class HistoryToolsTest {
    private final InMemorySessionStore store = new InMemorySessionStore();

    private void told(String session, String user, String question, String answer) {
        Agent.builder()
                .model(TestModel.of(says(answer)))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .run(question, options(session, user))
                .orThrow();
    }

    private static RunOptions options(String session, String user) {
        return RunOptions.defaults().sessionId(session).userId(user);
    }

    /** The result of a call in a run of this session and user. */
    private String result(RunOptions options, String tool, String arguments) {
        var output = Agent.builder()
                .model(TestModel.of(calls(new ToolCall("c1", tool, arguments)), says("Done")))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .tools(HistoryTools.of(store))
                .build()
                .run("What was it?", options)
                .orThrow();
        return Objects.requireNonNull(output.tools().getFirst().result());
    }

    @Test
    void theConversationIsReadInItsOrderWithoutTheRunItself() {
        told("s", "odile", "One?", "first");
        told("s", "odile", "Two?", "second");
        told("s", "odile", "Three?", "third");
        var all = result(options("s", "odile"), "get_chat_history", "{}");
        assertThat(all)
                .containsSubsequence("User: One?", "Assistant: first", "User: Two?", "User: Three?", "third")
                .doesNotContain("What was it?");
        assertThat(result(options("s", "odile"), "get_chat_history", "{\"count\": 2}"))
                .contains("Three?", "What was it?")
                .doesNotContain("One?", "Two?");
    }

    @Test
    void longTextsAreCutAndCountsAreBounded() {
        told("s", "odile", "Long?", "x".repeat(5_000));
        assertThat(result(options("s", "odile"), "get_chat_history", "{\"count\": 1000000}"))
                .contains("x".repeat(2_000))
                .doesNotContain("x".repeat(2_001));
        assertThat(result(options("s", "odile"), "get_chat_history", "{\"count\": -3}"))
                .contains("What was it?");
    }

    @Test
    void pastConversationsOfTheUserAreFoundByTheirWords() {
        told("trip", "odile", "Where is the Louvre?", "In Paris.");
        told("food", "odile", "What is a crêpe?", "A pancake.");
        told("other", "otto", "Where is Paris?", "In France.");
        var found = result(options("now", "odile"), "search_past_sessions", "{\"query\": \"PARIS louvre\"}");
        assertThat(found).contains("Conversation trip").doesNotContain("food", "other", "Conversation now");
        assertThat(result(options("now", "odile"), "search_past_sessions", "{}"))
                .contains("Conversation food", "Conversation trip");
        assertThat(result(options("now", "odile"), "search_past_sessions", "{\"query\": \"Berlin\"}"))
                .isEqualTo("There is no such past conversation of the user.");
    }

    @Test
    void aPastConversationIsReadByItsUserOnly() {
        told("trip", "odile", "Where is the Louvre?", "In Paris.");
        assertThat(result(options("now", "odile"), "read_past_session", "{\"sessionId\": \"trip\"}"))
                .contains("User: Where is the Louvre?\nAssistant: In Paris.");
        for (var wrong :
                new RunOptions[] {options("now", "otto"), RunOptions.defaults().sessionId("now")}) {
            assertThat(result(wrong, "read_past_session", "{\"sessionId\": \"trip\"}"))
                    .contains("no conversation with this id")
                    .doesNotContain("Louvre");
        }
    }

    @Test
    void withoutASessionOrAUserThereIsNothing() {
        told("trip", "odile", "Where is the Louvre?", "In Paris.");
        assertThat(result(RunOptions.defaults(), "get_chat_history", "{}")).contains("there is no history");
        assertThat(result(RunOptions.defaults().sessionId("now"), "search_past_sessions", "{\"query\": \"Paris\"}"))
                .contains("The user is unknown");
    }

    @Test
    void aStopEndsTheWaitForTheStore() throws Exception {
        var asked = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var slow = (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (_, method, _) -> {
                    asked.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return new Page<Session>(List.of(), 1, 1, 0);
                });
        var run = Agent.builder()
                .model(TestModel.of(calls(new ToolCall("c1", "search_past_sessions", "{}")), says("Done")))
                .tools(HistoryTools.of(slow))
                .build()
                .start("Search", RunOptions.defaults().userId("odile"));
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();
        assertThat(run.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
    }
}
