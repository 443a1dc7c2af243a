package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static dev.rein.agent.TestTools.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Role;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The history that is sent to the model, which is always valid for strict providers. */
class AgentHistoryTest {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("history");

    private final InMemorySessionStore store = new InMemorySessionStore();

    private AgentBuilder agent(TestModel model) {
        return Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .instructions("Be kind.")
                .addHistory(10)
                .retry(RetryPolicy.of(2));
    }

    @Test
    void aRunThatFollowsUpAnotherSeesItWithoutAHistory() {
        var model = TestModel.of(says("one"), says("two"), says("three"), says("four"));
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var first = agent.run("First?", SESSION);
        var second = agent.run("Second?", SESSION.follows(first.runId()));
        agent.run("Third?", SESSION.follows(second.runId()));
        assertThat(model.asked(1)).extracting(Message::content).containsExactly("First?", "one", "Second?");
        assertThat(model.asked(2))
                .extracting(Message::content)
                .containsExactly("First?", "one", "Second?", "two", "Third?");
        agent.run("Fourth?", SESSION);
        assertThat(model.asked(3)).extracting(Message::content).containsExactly("Fourth?");
    }

    @Test
    void aFollowedRunIsSeenBesideAShorterHistory() {
        var model = TestModel.of(says("one"), says("two"), says("three"));
        var agent = agent(model).addHistory(1).instructions("").build();
        var first = agent.run("First?", SESSION);
        agent.run("Second?", SESSION);
        agent.run("Third?", SESSION.follows(first.runId()));
        assertThat(model.asked(2))
                .extracting(Message::content)
                .containsExactly("First?", "one", "Second?", "two", "Third?");
        var elsewhere = TestModel.of(says("other"));
        agent(elsewhere)
                .build()
                .run("Other?", RunOptions.defaults().sessionId("other").follows(first.runId()));
        assertThat(elsewhere.asked(0)).extracting(Message::content).doesNotContain("First?");
    }

    /** Returns the request of the next turn of the session. */
    private List<Message> nextTurn() {
        var model = TestModel.of(says("next"));
        agent(model).build().run("And now?", SESSION);
        return model.asked(0);
    }

    /** Runs the next turn, whose request must be valid for strict providers. */
    private List<Message> validNextTurn() {
        var messages = nextTurn();
        assertAccepted(messages);
        return messages;
    }

    /**
     * The rules of strict providers: the first message after the system message is from the user, all results of the calls
     * follow in one block, each result has a call, no assistant message is empty, and user and assistant alternate.
     */
    private static void assertAccepted(List<Message> messages) {
        var open = new HashSet<String>();
        Role last = null;
        for (var message : messages) {
            switch (message.role()) {
                case SYSTEM -> assertThat(last).as("system comes first").isNull();
                case USER -> {
                    assertThat(open).as("calls without a result").isEmpty();
                    assertThat(last).as("before a user").isIn(null, Role.SYSTEM, Role.ASSISTANT);
                    assertThat(message.content()).isNotBlank();
                }
                case ASSISTANT -> {
                    assertThat(open).as("calls without a result").isEmpty();
                    assertThat(last).as("before an assistant").isIn(Role.USER, Role.TOOL);
                    assertThat(message.content().isBlank()
                                    && message.toolCalls().isEmpty())
                            .as("an empty message")
                            .isFalse();
                    message.toolCalls().forEach(call -> open.add(call.id()));
                }
                case TOOL ->
                    assertThat(open.remove(message.toolCallId()))
                            .as("a result of a call")
                            .isTrue();
            }
            last = message.role();
        }
        assertThat(last).isEqualTo(Role.USER);
    }

    private static String text(Message message) {
        return message.role() + ": " + message.content();
    }

    private void end(RunHandle run) throws InterruptedException {
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
    }

    // ---- which runs

    @Test
    void earlierRunsOfTheSessionComeAfterTheSystemMessageInTheirOrder() {
        agent(TestModel.of(says("Hello, Ann"))).build().run("I am Ann", SESSION);
        agent(TestModel.of(calls("look"), says("A cat")))
                .tools(tool("look", context -> "cat.png"))
                .build()
                .run("What is it?", SESSION);
        assertThat(validNextTurn())
                .extracting(AgentHistoryTest::text)
                .containsExactly(
                        "SYSTEM: Be kind.",
                        "USER: I am Ann",
                        "ASSISTANT: Hello, Ann",
                        "USER: What is it?",
                        "ASSISTANT: ",
                        "TOOL: cat.png",
                        "ASSISTANT: A cat",
                        "USER: And now?");
    }

    @Test
    void noMoreRunsThanAskedForAreAdded() {
        for (var text : List.of("one", "two", "three")) {
            agent(TestModel.of(says("re " + text))).build().run(text, SESSION);
        }
        var model = TestModel.of(says("x"));
        agent(model).addHistory(2).build().run("four", SESSION);
        assertThat(model.asked(0).stream().filter(message -> message.role() == Role.USER))
                .extracting(Message::content)
                .containsExactly("two", "three", "four");
    }

    @Test
    void withoutHistoryAndInAnotherSessionNothingIsAdded() {
        agent(TestModel.of(says("x"))).build().run("one", SESSION);
        var model = TestModel.of(says("x"));
        agent(model).addHistory(0).build().run("two", SESSION);
        agent(model).build().run("four", SESSION.sessionId("another"));
        assertThat(model.requests())
                .allSatisfy(request -> assertThat(request.messages()).hasSize(2));
    }

    @Test
    void runsThatStillRunAreLeftOut() throws Exception {
        var live = TestModel.of(hangs());
        var run = agent(live).build().start("live", SESSION);
        live.awaitRequests(1);
        assertThat(validNextTurn())
                .extracting(AgentHistoryTest::text)
                .containsExactly("SYSTEM: Be kind.", "USER: And now?");
        end(run);
    }

    @Test
    void aRunThatFailedIsThereWithTheToolCallsThatTookEffect() {
        agent(TestModel.of(calls("pay"), fails(Kind.AUTHENTICATION, "no")))
                .tools(tool("pay", context -> "paid"))
                .build()
                .run("Pay it", SESSION);

        assertThat(validNextTurn())
                .extracting(AgentHistoryTest::text)
                .contains("USER: Pay it", "TOOL: paid")
                .endsWith("USER: And now?");
        assertThat(agent(TestModel.of(says("x")))
                        .cancelledHistory(false)
                        .build()
                        .run("Alone", SESSION)
                        .historySize())
                .isLessThan(6);
    }

    @Test
    void whatIsStoredIsTheRunsOwnPart() {
        agent(TestModel.of(says("one"))).build().run("first", SESSION);
        agent(TestModel.of(says("two"))).build().run("second", SESSION);
        assertThat(store.runs("history").getLast().messages())
                .extracting(AgentHistoryTest::text)
                .containsExactly("USER: second", "ASSISTANT: two");
    }

    // ---- cancelled in every window of a turn

    @Test
    void cancelledBeforeTheStart() throws Exception {
        var id = UUID.randomUUID().toString();
        Runs.shared().cancel(id, CancelRequest.now());
        var run = agent(TestModel.of(says("never"))).build().start("Hello?", SESSION.runId(id));
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(validNextTurn()).anyMatch(message -> message.content().equals("Hello?"));
    }

    @Test
    void cancelledInAHookBefore() throws Exception {
        var gate = new Gate();
        var run = agent(TestModel.of(says("never")))
                .before("slow", (input, context) -> {
                    gate.pass();
                    return input;
                })
                .build()
                .start("Hello?", SESSION);
        gate.awaitReached();
        end(run);
        assertThat(validNextTurn()).anyMatch(message -> message.content().equals("Hello?"));
    }

    @Test
    void cancelledBeforeTheFirstToken() throws Exception {
        var model = TestModel.of(hangs());
        var run = agent(model).build().start("Hello?", SESSION);
        model.awaitRequests(1);
        end(run);
        assertThat(validNextTurn())
                .extracting(AgentHistoryTest::text)
                .startsWith("SYSTEM: Be kind.", "USER: Hello?")
                .element(2)
                .asString()
                .startsWith("ASSISTANT: (Stopped before an answer was given.)");
    }

    @Test
    void cancelledInMidAnswer() throws Exception {
        var run =
                agent(TestModel.of(saysAndHangs("Once upon ", "a ti"))).build().start("A story", SESSION);
        await().until(() -> run.output().text().equals("Once upon a ti"));
        end(run);
        var stored = Objects.requireNonNull(
                store.runs("history").getFirst().messages().getLast());
        assertThat(stored.content()).as("to the character").isEqualTo("Once upon a ti");
        assertThat(stored.interrupted()).isTrue();
        assertThat(validNextTurn())
                .extracting(AgentHistoryTest::text)
                .contains("ASSISTANT: Once upon a ti\n[This message was interrupted.]");
    }

    @Test
    void cancelledInABackOff() throws Exception {
        var run = agent(TestModel.of(TestModel.rateLimited(Duration.ofMinutes(1))))
                .build()
                .start("Hello?", SESSION);
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof ModelRequestFailed) {
                    run.cancel();
                }
            }
        }
        Events.end(run);
        validNextTurn();
    }

    @Test
    void cancelledWhileToolsRunWithOneDoneOneRunningAndOneNotStarted() throws Exception {
        var gate = new Gate();
        var run = agent(TestModel.of(calls("quick", "slow", "quick")))
                .tools(tool("quick", context -> "quick done"), waits("slow", gate))
                .sequentialTools(true)
                .build()
                .start("Go", SESSION);
        gate.awaitReached();
        end(run);
        assertThat(validNextTurn())
                .filteredOn(message -> message.role() == Role.TOOL)
                .extracting(Message::content)
                .containsExactly(
                        "quick done",
                        "Interrupted: the run was stopped while this tool ran. Its effects are unknown.",
                        "Not started: the run was stopped before this tool was called.");
    }

    @Test
    void cancelledAfterTheTools() throws Exception {
        var model = TestModel.of(calls("look"), hangs());
        var run = agent(model).tools(tool("look", context -> "looked")).build().start("Go", SESSION);
        model.awaitRequests(2);
        end(run);
        assertThat(validNextTurn()).extracting(Message::content).contains("looked");
    }

    @Test
    void cancelledInTheAnswerAfterTheTools() throws Exception {
        var run = agent(TestModel.of(calls("look"), saysAndHangs("I saw ")))
                .tools(tool("look", context -> "looked"))
                .build()
                .start("Go", SESSION);
        await().until(() -> run.output().text().equals("I saw "));
        end(run);
        assertThat(validNextTurn())
                .extracting(Message::content)
                .contains("looked", "I saw \n[This message was interrupted.]");
    }

    @Test
    void cancelledSoftlyAfterTheTools() throws Exception {
        var gate = new Gate();
        var run = agent(TestModel.of(calls("slow")))
                .tools(waits("slow", gate))
                .build()
                .start("Go", SESSION);
        gate.awaitReached();
        run.cancel(CancelRequest.afterTools());
        gate.open();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(validNextTurn()).extracting(Message::content).contains("slow done");
    }

    @Test
    void cancelledInAHookAfter() throws Exception {
        var gate = new Gate();
        var run = agent(TestModel.of(says("All of it")))
                .after("slow", (text, context) -> gate.pass())
                .build()
                .start("Go", SESSION);
        gate.awaitReached();
        end(run);
        assertThat(validNextTurn()).extracting(Message::content).contains("All of it");
    }

    @Test
    void cancelledAfterReasoningAlone() throws Exception {
        var run = agent(TestModel.of((request, call) -> {
                    call.reasoning("Hmm.");
                    return hangs().respond(request, call);
                }))
                .build()
                .start("Go", SESSION);
        await().until(() -> run.output().reasoning() != null);
        end(run);
        validNextTurn();
    }

    @Test
    void anEmptyAnswerIsRetoldAsOne() {
        agent(TestModel.of(says(""))).allowEmptyAnswers(true).build().run("Say nothing", SESSION);
        assertThat(validNextTurn()).extracting(Message::content).contains("(No answer was given.)");
    }

    @Test
    void manyCancelledRunsInARowStayAValidHistory() throws Exception {
        for (var n = 0; n < 3; n++) {
            cancelledInMidAnswerOnce("story " + n);
        }
        assertThat(validNextTurn()).hasSize(8);
    }

    private void cancelledInMidAnswerOnce(String input) throws InterruptedException {
        var run = agent(TestModel.of(saysAndHangs("part"))).build().start(input, SESSION);
        await().until(() -> run.output().text().equals("part"));
        end(run);
    }

    @Test
    void cancelledRunsMayBeLeftOut() throws Exception {
        agent(TestModel.of(says("kept"))).build().run("first", SESSION);
        cancelledInMidAnswerOnce("second");
        var model = TestModel.of(says("x"));
        agent(model).cancelledHistory(false).build().run("third", SESSION);
        assertThat(model.asked(0))
                .extracting(AgentHistoryTest::text)
                .containsExactly("SYSTEM: Be kind.", "USER: first", "ASSISTANT: kept", "USER: third");
    }

    @Test
    void theOutputOfACancelledRunIsAValidConversationWithSystemMessageAndHistory() throws Exception {
        agent(TestModel.of(says("one"))).build().run("first", SESSION);
        var run = agent(TestModel.of(saysAndHangs("part"))).build().start("second", SESSION);
        await().until(() -> run.output().text().equals("part"));
        run.cancel();
        assertThat(Events.end(run).messages())
                .extracting(AgentHistoryTest::text)
                .containsExactly(
                        "SYSTEM: Be kind.", "USER: first", "ASSISTANT: one", "USER: second", "ASSISTANT: part");
    }

    @Test
    void noBlankMessageGoesToAModelOrIntoTheHistory() {
        var model = TestModel.of(says(" ", ""));
        var agent = Agent.builder()
                .model(model)
                .store(new InMemorySessionStore())
                .addHistory(3)
                .allowEmptyAnswers(true)
                .build();
        var options = RunOptions.defaults().sessionId("s-blank");

        var first = agent.run("  ", options);
        agent.run("And then?", options);

        assertThat(first.text()).isEqualTo(" ");
        assertThat(first.messages())
                .extracting(Message::content)
                .containsExactly("(No input.)", "(No answer was given.)");
        assertThat(model.asked(1))
                .extracting(Message::content)
                .containsExactly("(No input.)", "(No answer was given.)", "And then?");
    }

    @Test
    void callIdsThatAModelUsesAgainAreUniqueInARequest() {
        var model = TestModel.of(calls("look"), calls("look"), says("Done."));
        var agent = Agent.builder()
                .model(model)
                .tools(tool("look", _ -> "seen"))
                .store(new InMemorySessionStore())
                .addHistory(3)
                .build();
        var options = RunOptions.defaults().sessionId("s-ids");

        var first = agent.run("Look twice", options);
        agent.run("And then?", options);

        assertThat(first.tools())
                .extracting(tool -> tool.toolCallId())
                .startsWith("c1")
                .doesNotHaveDuplicates();
        for (var request : model.requests()) {
            var asked = request.messages().stream()
                    .flatMap(message -> message.toolCalls().stream())
                    .map(call -> call.id())
                    .toList();
            assertThat(asked).doesNotHaveDuplicates();
            assertThat(request.messages().stream()
                            .filter(message -> message.toolCallId() != null)
                            .map(Message::toolCallId))
                    .containsExactlyElementsOf(asked);
        }
    }
}
