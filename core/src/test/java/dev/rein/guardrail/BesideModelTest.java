package dev.rein.guardrail;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.guardrail.CheckPoint.INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.RetryPolicy;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Guardrails that check the input while the model is asked. */
class BesideModelTest {
    private final Gate gate = new Gate();

    private Guardrail waiting(Verdict verdict) {
        return Guardrail.of(
                        "waiting",
                        (_, _) -> {
                            gate.pass();
                            return verdict;
                        },
                        INPUT)
                .besideModel();
    }

    @Test
    void nothingIsDeliveredAndNoToolIsCalledBeforeTheInputHasPassed() throws Exception {
        var called = new AtomicBoolean();
        var answered = new CountDownLatch(1);
        var model = TestModel.of(
                (request, call) -> {
                    call.text("Let me see. ");
                    answered.countDown();
                    return new ModelResponse(
                            "Let me see. ", null, java.util.List.of(TestModel.call("c1", "look")), null, "tool_calls");
                },
                says("Done"));
        var run = Agent.builder()
                .model(model)
                .tools(tool(called))
                .guardrails(waiting(Verdict.pass()))
                .build()
                .start("Hi");
        assertThat(answered.await(1, TimeUnit.MINUTES)).isTrue();
        gate.awaitReached();
        assertThat(run.output().text()).isEmpty();
        assertThat(called).isFalse();
        gate.open();

        assertThat(Events.end(run).text()).isEqualTo("Done");
        assertThat(called).isTrue();
        assertThat(Events.names(run))
                .startsWith("RunStarted", "PreHookStarted", "ModelRequestStarted", "PreHookCompleted", "RunContent");
    }

    @Test
    void whatWasHeldIsDeliveredWhenTheInputPassesAlthoughTheModelIsSilent() throws Exception {
        var silent = new Gate();
        var model = TestModel.of((request, call) -> {
            call.text("One ");
            call.text("two");
            silent.pass();
            call.text(" three");
            return ModelResponse.of("One two three");
        });
        try (var stream = Agent.builder().model(model).guardrails(waiting(Verdict.pass())).build().stream("Hi")) {
            silent.awaitReached();
            gate.open();
            var text = new StringBuilder();
            for (var event : stream) {
                if (event instanceof RunContent content) {
                    text.append(content.content());
                    if (text.toString().equals("One two")) {
                        silent.open();
                    }
                }
            }
            assertThat(text).hasToString("One two three");
            assertThat(stream.output().text()).isEqualTo("One two three");
        }
    }

    @Test
    void aRefusalStopsTheModelAtOnce() throws Exception {
        var stopped = new CountDownLatch(1);
        var model = TestModel.of((request, call) -> {
            call.text("Secret");
            try {
                call.cancellation().sleep(Duration.ofHours(1));
            } finally {
                stopped.countDown();
            }
            return ModelResponse.of("Secret");
        });
        var run = Agent.builder()
                .model(model)
                .guardrails(waiting(Verdict.refuse("no")))
                .build()
                .start("Hi");
        model.awaitRequests(1);
        gate.awaitReached();
        gate.open();
        var output = Events.end(run);

        assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThat(output.text()).isEmpty();
        assertThat(output.messages().toString() + Events.of(run)).doesNotContain("Secret");
    }

    @Test
    void aRefusalStopsTheWaitForARetry() throws Exception {
        var model = TestModel.of(TestModel.rateLimited(null));
        var run = Agent.builder()
                .model(model)
                .retry(RetryPolicy.of(3).initialDelay(Duration.ofSeconds(30)))
                .guardrails(waiting(Verdict.refuse("no")))
                .build()
                .start("Hi");
        model.awaitRequests(1);
        gate.open();

        assertThat(Events.end(run).failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
    }

    @Test
    void aFailedAttemptIsForgottenAndRepeated() throws Exception {
        var model = TestModel.of(
                (request, call) -> {
                    call.text("Broken");
                    throw new ModelException(ModelException.Kind.SERVER, "lost");
                },
                (request, call) -> {
                    gate.open();
                    return says("Whole").respond(request, call);
                });
        var output = Agent.builder()
                .model(model)
                .retry(RetryPolicy.of(1).initialDelay(Duration.ofMillis(1)))
                .guardrails(waiting(Verdict.pass()))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("Whole");
        assertThat(output.messages().toString()).doesNotContain("Broken");
    }

    @Test
    void theFailureOfTheModelEndsTheRunWithoutAVerdict() throws Exception {
        var output = Agent.builder()
                .model(TestModel.of(TestModel.fails(ModelException.Kind.BAD_REQUEST, "bad request")))
                .guardrails(waiting(Verdict.pass()))
                .build()
                .run("Hi");

        assertThat(output.failure().message()).contains("bad request");
        assertThat(output.input().text()).isNotEqualTo("Hi");
    }

    @Test
    void itCannotRewrite() throws Exception {
        gate.open();
        var rewriting = waiting(Verdict.rewrite("other"));
        for (var guardrail : List.of(rewriting, rewriting.failOpen())) {
            var output = Agent.builder()
                    .model(TestModel.of(says("x")))
                    .guardrails(guardrail)
                    .build()
                    .run("Hi");

            assertThat(output.status()).isEqualTo(RunStatus.ERROR);
            assertThat(output.failure().message()).contains("beforeModel()").doesNotContain("failOpen()");
        }
    }

    @Test
    void laterTurnsAreNotCheckedAgain() throws Exception {
        gate.open();
        var model = TestModel.of(calls("look"), says("Done"));
        var output = Agent.builder()
                .model(model)
                .tools(tool(new AtomicBoolean()))
                .guardrails(waiting(Verdict.pass()))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("Done");
        assertThat(model.asked(1)).extracting(each -> each.role().name()).containsExactly("USER", "ASSISTANT", "TOOL");
    }

    private static ToolSpec tool(AtomicBoolean called) {
        return ToolSpec.of(
                "look",
                "Looks",
                com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "object"),
                (_, _) -> {
                    called.set(true);
                    return "seen";
                });
    }
}
