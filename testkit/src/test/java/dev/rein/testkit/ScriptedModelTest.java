package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.Usage;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.RunHandle;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** A tool for the model. */
    public static final class Tools {
        @Tool("Looks something up")
        public String search(String query) {
            return "found " + query;
        }
    }

    private static Agent agent(ScriptedModel model) {
        return Agent.builder()
                .name("tested")
                .model(model)
                .tools(new Tools())
                .retries(0)
                .build();
    }

    @Test
    void deliversTheTextInTokens() throws Exception {
        var model = ScriptedModel.of("Once upon a time");

        try (var events = agent(model).stream("Tell")) {
            var deltas = new ArrayList<String>();
            for (var event : events) {
                if (event instanceof RunContent content) {
                    deltas.add(content.content());
                }
            }
            assertThat(deltas).containsExactly("Once", " upon", " a", " time");
        }
        assertThat(model.callsCompleted()).isEqualTo(1);
        assertThat(model.callsOpen()).isZero();
    }

    @Test
    void callsToolsThenAnswersAndRecordsRequests() throws Exception {
        var model = ScriptedModel.create()
                .toolCall("search", "{\"query\":\"dragons\"}")
                .answer(Script.text("Dragons exist.").thenReasoning("Sure.").usage(Usage.of(100, 7)));

        var output = agent(model).run("Do dragons exist?");

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Dragons exist.");
        assertThat(output.reasoning()).isEqualTo("Sure.");
        assertThat(model.callsStarted()).isEqualTo(2);
        assertThat(model.request(1).tools()).extracting(t -> t.name()).containsExactly("search");
        var result = model.request(2).messages().getLast();
        assertThat(result.role()).isEqualTo(Role.TOOL);
        assertThat(result.content()).isEqualTo("found dragons");
        MessageRules.checkAll(model.request(2).messages());
        MessageRules.checkAll(output.messages());
    }

    @Test
    void failsWithTheNumberOfAnswersWhenAllHaveBeenUsed() throws Exception {
        var model = ScriptedModel.of("one");
        agent(model).run("a");

        assertThatThrownBy(() -> model.respond(ModelRequest.of(Message.user("b")), new StandaloneModelCall()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("called 2 times, but 1 answer is scripted")
                .hasMessageContaining("repeating()");
        assertThat(model.callsFailed()).isEqualTo(1);
    }

    @Test
    void repeatsTheLastAnswerIfConfigured() throws Exception {
        var agent = agent(ScriptedModel.create().answer("first").answer("again").repeating());

        assertThat(IntStream.range(0, 4).mapToObj(i -> agent.run("x").text()))
                .containsExactly("first", "again", "again", "again");
    }

    @Test
    void failsLikeAnAdapter() {
        var model = ScriptedModel.create()
                .fails(new ModelException(ModelException.Kind.PERMISSION, "not you"))
                .answer(Script.status(429, "slow").retryAfter(Duration.ofSeconds(3)))
                .answer(Script.text("one").thenCut())
                .answer(Script.text("one").thenInvalidJson())
                .answer(Script.text("one").thenFail("server_error", "it broke"));
        var request = ModelRequest.of(Message.user("x"));

        assertThat(failure(model, request).kind()).isEqualTo(ModelException.Kind.PERMISSION);
        var limited = failure(model, request);
        assertThat(limited.kind()).isEqualTo(ModelException.Kind.RATE_LIMIT);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(limited.body()).contains("slow");
        assertThat(failure(model, request).kind()).isEqualTo(ModelException.Kind.CONNECTION);
        assertThat(failure(model, request).kind()).isEqualTo(ModelException.Kind.MALFORMED);
        assertThat(failure(model, request).kind()).isEqualTo(ModelException.Kind.SERVER);
        assertThat(model.callsFailed()).isEqualTo(5);
    }

    @Test
    void answersDependingOnTheRequestAndByCode() throws Exception {
        var model = ScriptedModel.create()
                .answerBy(request ->
                        Script.text("you said " + request.messages().getLast().content()))
                .answerWith((request, call) -> {
                    call.text("code");
                    return ModelResponse.of("code");
                });

        assertThat(agent(model).run("hello").text()).isEqualTo("you said hello");
        assertThat(agent(model).run("hello").text()).isEqualTo("code");
    }

    @Test
    void aHangLastsUntilTheRunIsStoppedOrTheCallReleased() throws Exception {
        var model = ScriptedModel.of(Script.text("one two three").hangAfter(2)).repeating();
        var stopped = agent(model).start("x");
        var released = agent(model).start("x");
        model.awaitWaiting(2);

        stopped.cancel();

        var output = stopped.await(SOON);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo("one two");
        assertThat(model.callsCancelled()).isEqualTo(1);

        model.release();

        assertThat(released.await(SOON).text()).isEqualTo("one two three");
    }

    @Test
    void aPauseBetweenTokensEndsWhenTheRunIsStopped() throws Exception {
        var model = ScriptedModel.of(Script.text("one two").dripEvery(Duration.ofHours(1)));
        var run = agent(model).start("x");
        await().until(() -> run.output().text().equals("one"));

        run.cancel();

        assertThat(run.await(SOON).text()).isEqualTo("one");
        assertThat(model.callsCancelled()).isEqualTo(1);
    }

    @Test
    void manyCallsCanHangAndAllEndWhenStopped() throws Exception {
        var model = ScriptedModel.create().waitsForever().repeating().keep(0);
        var agent = agent(model);
        var runs = new ArrayList<RunHandle>();
        for (var i = 0; i < 2_000; i++) {
            runs.add(agent.start("x"));
        }
        model.awaitWaiting(2_000);
        assertThat(model.requests()).isEmpty();

        runs.forEach(RunHandle::cancel);

        for (var run : runs) {
            assertThat(run.await(SOON).isCancelled()).isTrue();
        }
        await().until(() -> model.callsCancelled() == 2_000 && model.callsWaiting() == 0);
    }

    @Test
    void deafAnswersIgnoreStopsUntilReleased() throws Exception {
        var model = ScriptedModel.create().deafWait().deafLoop();
        var request = CancelRequest.now().grace(Duration.ofMillis(100));
        var waiting = agent(model).start("x");
        model.awaitWaiting(1);
        var looping = agent(model).start("x");
        model.awaitWaiting(2);

        waiting.cancel(request);
        looping.cancel(request);

        assertThat(waiting.await(SOON).abandoned()).hasSize(1);
        assertThat(looping.await(SOON).abandoned()).hasSize(1);
        assertThat(model.callsWaiting()).isEqualTo(2);

        model.release();
        await().until(() -> model.callsOpen() == 0);
        assertThat(model.callsCancelled()).isEqualTo(2);
    }

    private static ModelException failure(ScriptedModel model, ModelRequest request) {
        try {
            model.respond(request, new StandaloneModelCall());
        } catch (ModelException e) {
            return e;
        }
        throw new AssertionError("the model did not fail");
    }
}
