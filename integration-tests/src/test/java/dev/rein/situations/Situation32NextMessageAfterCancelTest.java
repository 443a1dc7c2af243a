package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A turn with two tools is stopped in each of its windows; then the conversation goes on. */
class Situation32NextMessageAfterCancelTest {
    private static final List<ToolCall> CALLS =
            List.of(new ToolCall("call_1", "one", "{}"), new ToolCall("call_2", "two", "{}"));

    /** Where the stop comes. Code and events that lie on the way pass {@link #reached} with the place's name. */
    enum Window {
        BEFORE_THE_START,
        IN_A_HOOK_BEFORE,
        BEFORE_THE_MODEL_CALL,
        IN_MID_TEXT,
        IN_MID_REASONING,
        BETWEEN_TEXT_AND_TOOL_CALLS,
        IN_THE_FRAGMENTS_OF_A_TOOL_CALL,
        AT_THE_END_OF_THE_RESPONSE,
        AFTER_THE_RESPONSE_BEFORE_THE_TOOLS,
        TOOL_1_SHOWN_NONE_RUNNING,
        BOTH_TOOLS_SHOWN,
        TOOL_1_RUNNING,
        TOOL_1_DONE_TOOL_2_RUNNING,
        BETWEEN_THE_BATCH_AND_THE_NEXT_CALL,
        AT_THE_START_OF_THE_SECOND_CALL,
        IN_MID_FINAL_ANSWER,
        AFTER_THE_FINAL_ANSWER,
        IN_A_HOOK_AFTER
    }

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final String sessionId = UUID.randomUUID().toString();
    private final String runId = UUID.randomUUID().toString();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Gate toolOne = new Gate();
    private int completions;
    private int shown;

    static Stream<Arguments> windows() {
        return Stream.of(Window.values())
                .flatMap(window -> Stream.of(Form.values()).map(form -> Arguments.of(window, form)));
    }

    private void reached(Window window, Window wanted) {
        if (window == wanted && cancelled.compareAndSet(false, true)) {
            Elsewhere.run(() -> assertThat(Runs.shared()
                            .cancel(runId, CancelRequest.now().grace(Waiting.NEVER))
                            .effective())
                    .isTrue());
        }
    }

    private void traced(String event, Window wanted) {
        switch (event) {
            case "ModelRequestCompleted" ->
                reached(
                        completions++ == 0 ? Window.AFTER_THE_RESPONSE_BEFORE_THE_TOOLS : Window.AFTER_THE_FINAL_ANSWER,
                        wanted);
            case "ToolCallStarted" ->
                reached(shown++ == 0 ? Window.TOOL_1_SHOWN_NONE_RUNNING : Window.BOTH_TOOLS_SHOWN, wanted);
            default -> {}
        }
    }

    private ModelResponse firstTurn(ModelCall call, Window wanted) {
        reached(Window.BEFORE_THE_MODEL_CALL, wanted);
        call.reasoning("Let me think");
        reached(Window.IN_MID_REASONING, wanted);
        call.text("Let me ");
        reached(Window.IN_MID_TEXT, wanted);
        call.text("look.");
        reached(Window.BETWEEN_TEXT_AND_TOOL_CALLS, wanted);
        call.progress(3);
        reached(Window.IN_THE_FRAGMENTS_OF_A_TOOL_CALL, wanted);
        call.progress(3);
        reached(Window.AT_THE_END_OF_THE_RESPONSE, wanted);
        return new ModelResponse("Let me look.", "Let me think", CALLS, null, "tool_calls");
    }

    private ModelResponse secondTurn(ModelRequest request, ModelCall call, Window wanted) {
        MessageRules.checkAll(request.messages());
        reached(Window.AT_THE_START_OF_THE_SECOND_CALL, wanted);
        call.text("It is ");
        reached(Window.IN_MID_FINAL_ANSWER, wanted);
        call.text("there.");
        return ModelResponse.of("It is there.");
    }

    private String one(Window wanted) {
        reached(Window.TOOL_1_RUNNING, wanted);
        toolOne.open();
        return "one is done";
    }

    private String two(Window wanted) throws InterruptedException {
        if (wanted == Window.TOOL_1_DONE_TOOL_2_RUNNING) {
            Waiting.until(
                    "tool 1 is done",
                    () -> Runs.shared()
                                    .handle(runId)
                                    .orElseThrow()
                                    .output()
                                    .tools()
                                    .getFirst()
                                    .result()
                            != null);
        }
        toolOne.pass();
        reached(Window.TOOL_1_DONE_TOOL_2_RUNNING, wanted);
        return "two is done";
    }

    private AgentBuilder agent(ScriptedModel model) {
        return Agent.builder()
                .model(model)
                .instructions("Be brief.")
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(20);
    }

    private Agent stoppedIn(Window wanted, ScriptedModel model) {
        return agent(model)
                .debug(true)
                .tools(Tools.tool("one", _ -> one(wanted)), Tools.tool("two", _ -> two(wanted)))
                .before("before", (input, _) -> {
                    reached(Window.IN_A_HOOK_BEFORE, wanted);
                    return input;
                })
                .after("after", (_, _) -> reached(Window.IN_A_HOOK_AFTER, wanted))
                .build();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void theNextRequestIsAcceptedByStrictRules(Window wanted, Form form) {
        var model = ScriptedModel.create()
                .answerWith((_, call) -> firstTurn(call, wanted))
                .answerWith((request, call) -> secondTurn(request, call, wanted));
        var options = RunOptions.defaults().sessionId(sessionId);
        if (wanted == Window.BEFORE_THE_START) {
            Runs.shared().cancel(runId, CancelRequest.now());
        }
        var seenTools = new int[1];
        try (var _ = new Traced(event -> {
            traced(event, wanted);
            if (event.equals("ToolCallCompleted") && ++seenTools[0] == CALLS.size()) {
                reached(Window.BETWEEN_THE_BATCH_AND_THE_NEXT_CALL, wanted);
            }
        })) {
            var run = form.start(stoppedIn(wanted, model), "Where is it?", options.runId(runId));
            RunInvariants.checkCancelled(run, store);
            assertThat(run.end().abandoned()).isEmpty();
        }

        var next = ScriptedModel.of("I see.").answer("Bye.");
        for (var message : List.of("And now?", "Good bye")) {
            var run = form.start(agent(next).build(), message, options);
            assertThat(RunInvariants.check(run, store).isCompleted()).isTrue();
        }
        for (var number = 1; number <= 2; number++) {
            MessageRules.checkAll(next.request(number).messages());
        }
        theModelIsToldWhatHappened(next.request(1).messages(), wanted);
    }

    private static void theModelIsToldWhatHappened(List<Message> messages, Window wanted) {
        assertThat(messages.getFirst()).isEqualTo(Message.system("Be brief."));
        assertThat(messages.get(1)).isEqualTo(Message.user("Where is it?"));
        assertThat(messages.getLast()).isEqualTo(Message.user("And now?"));
        var told = String.join("\n", messages.stream().map(Message::content).toList());
        var results = messages.stream()
                .filter(message -> message.role() == Role.TOOL)
                .map(Message::content)
                .toList();
        switch (wanted) {
            case BEFORE_THE_START, IN_A_HOOK_BEFORE, BEFORE_THE_MODEL_CALL, IN_MID_REASONING ->
                assertThat(messages).hasSize(4);
            case IN_MID_TEXT -> assertThat(told).contains("Let me \n").contains("interrupted");
            case BETWEEN_TEXT_AND_TOOL_CALLS, IN_THE_FRAGMENTS_OF_A_TOOL_CALL, AT_THE_END_OF_THE_RESPONSE -> {
                assertThat(told).contains("Let me look.").contains("interrupted");
                assertThat(results).isEmpty();
            }
            case AFTER_THE_RESPONSE_BEFORE_THE_TOOLS, TOOL_1_SHOWN_NONE_RUNNING ->
                assertThat(results).hasSize(2).allMatch(result -> result.contains("Not started"));
            case BOTH_TOOLS_SHOWN -> {
                assertThat(results).hasSize(2);
                assertThat(results.getLast()).contains("Not started");
            }
            case TOOL_1_RUNNING -> {
                assertThat(results).hasSize(2);
                assertThat(results.getFirst()).contains("effects are unknown");
            }
            case TOOL_1_DONE_TOOL_2_RUNNING -> {
                assertThat(results.getFirst()).isEqualTo("one is done");
                assertThat(results.getLast()).contains("effects are unknown");
            }
            case BETWEEN_THE_BATCH_AND_THE_NEXT_CALL, AT_THE_START_OF_THE_SECOND_CALL ->
                assertThat(results).containsExactly("one is done", "two is done");
            case IN_MID_FINAL_ANSWER -> assertThat(told).contains("It is \n").contains("interrupted");
            case AFTER_THE_FINAL_ANSWER, IN_A_HOOK_AFTER -> assertThat(told).contains("It is there.");
        }
    }

    /** The same with what goes over the wire, where the adapters translate the history. */
    enum ServerWindow {
        IN_MID_TEXT(Script.text("Let me look.").hangAfter(2)),
        IN_THE_FRAGMENTS(Script.text("Let me look.")
                .thenToolCall("call_1", "one", "{\"where\":\"here and there\"}")
                .thenToolCall("call_2", "two", "{}")
                .hangAfter(5)),
        TOOLS_RUNNING(
                Script.text("Let me look.").thenToolCall("call_1", "one", "{}").thenToolCall("call_2", "two", "{}"));

        private final Script script;

        ServerWindow(Script script) {
            this.script = script;
        }
    }

    static Stream<Arguments> serverWindows() {
        return Stream.of(ServerWindow.values())
                .flatMap(window -> Situation10ServerHangsTest.apisAndForms()
                        .map(both -> Arguments.of(window, both.get()[0], both.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("serverWindows")
    void theNextRequestOnTheWireIsAcceptedByStrictRules(ServerWindow window, Api api, Form form) {
        var slow = new Gate();
        try (var provider = FakeProvider.start()) {
            provider.enqueue(window.script, Script.text("I see."), Script.text("Bye."));
            var agent = Agent.builder()
                    .model(api.at(provider))
                    .instructions("Be brief.")
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .addHistory(20)
                    .tools(Tools.instant("one"), Tools.waiting("two", slow))
                    .build();
            var options = RunOptions.defaults().sessionId(sessionId);
            var run = form.start(agent, "Where is it?", options);
            if (window == ServerWindow.TOOLS_RUNNING) {
                slow.awaitArrival();
            } else {
                provider.awaitRequest(1).awaitHanging();
            }
            run.cancel(CancelRequest.now().grace(Waiting.NEVER));
            RunInvariants.checkCancelled(run, store);

            for (var message : List.of("And now?", "Good bye")) {
                assertThat(RunInvariants.check(form.start(agent, message, options), store)
                                .isCompleted())
                        .isTrue();
            }
            assertThat(provider.requestCount()).isEqualTo(3);
            MessageRules.checkAll(provider);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyCancelledTurnsInARowAreAccepted(Form form) {
        var options = RunOptions.defaults().sessionId(sessionId);
        for (var i = 0; i < 5; i++) {
            var model =
                    ScriptedModel.create().answer(Script.text("Turn " + i + ".").thenToolCall("stuck", "{}"));
            var waiting = new Gate();
            var run = form.start(
                    agent(model).tools(Tools.waiting("stuck", waiting)).build(), "Message " + i, options);
            waiting.awaitArrival();
            run.cancel(CancelRequest.now().grace(Waiting.NEVER));
            RunInvariants.checkCancelled(run, store);
        }

        var last = ScriptedModel.of("I see.");
        RunInvariants.check(form.start(agent(last).build(), "And now?", options), store);

        MessageRules.checkAll(last.request(1).messages());
        assertThat(last.request(1).messages().stream().filter(message -> message.role() == Role.USER))
                .hasSize(6);
    }
}
