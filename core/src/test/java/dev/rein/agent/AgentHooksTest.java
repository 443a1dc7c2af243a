package dev.rein.agent;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookStarted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AgentHooksTest {

    @Test
    void hooksRunInTheirOrderBeforeTheModelAndAfterTheAnswer() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        var run = Agent.builder()
                .model(TestModel.of((request, call) -> {
                    order.add("model");
                    return says("Hello").respond(request, call);
                }))
                .before("first", (input, context) -> {
                    order.add("first");
                    return input;
                })
                .before("second", (input, context) -> {
                    order.add("second");
                    return input;
                })
                .after("third", (text, context) -> order.add("third " + text))
                .build()
                .start("Hi");
        Events.end(run);
        var events = Events.of(run);
        assertThat(order).containsExactly("first", "second", "model", "third Hello");
        assertThat(Events.names(events))
                .containsExactly(
                        "RunStarted",
                        "PreHookStarted",
                        "PreHookCompleted",
                        "PreHookStarted",
                        "PreHookCompleted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "PostHookStarted",
                        "PostHookCompleted",
                        "RunCompleted");
        assertThat(Events.only(PreHookStarted.class, events))
                .extracting(PreHookStarted::hook)
                .containsExactly("first", "second");
        assertThat(Events.only(PostHookStarted.class, events))
                .extracting(PostHookStarted::hook)
                .containsExactly("third");
    }

    @Test
    void aHookBeforeMayChangeTheInput() {
        var model = TestModel.of(says("Hello"));
        Agent.builder()
                .model(model)
                .before("shout", (input, context) -> RunInput.of(input.text().toUpperCase(Locale.ROOT)))
                .before("mark", (input, context) -> RunInput.of(input.text() + "!"))
                .build()
                .run("hi");
        assertThat(model.told(0).content()).isEqualTo("HI!");
    }

    @Test
    void aHookBeforeThatRefusesEndsTheRunBeforeTheModelIsAsked() throws Exception {
        var model = TestModel.of(says("Hello"));
        var run = Agent.builder()
                .model(model)
                .before("guard", (input, context) -> {
                    throw new IllegalArgumentException("not about that");
                })
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(Events.names(run)).containsExactly("RunStarted", "PreHookStarted", "RunError");
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.type()).isEqualTo("IllegalArgumentException");
            assertThat(failure.message()).isEqualTo("not about that");
        });
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void aHookAfterThatRefusesEndsTheRunAsErrorWithItsText() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(says("Something rude")))
                .after("guard", (text, context) -> {
                    throw new IllegalStateException("rude");
                })
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.text()).isEqualTo("Something rude");
        assertThat(Events.names(run)).endsWith("RunContentCompleted", "PostHookStarted", "RunError");
    }

    @Test
    void aHookSeesItsRun() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        var run = Agent.builder()
                .name("Watcher")
                .model(TestModel.of(says("Hello")))
                .before("look", (input, context) -> {
                    seen.add(context.runId());
                    seen.add(context.componentId());
                    seen.add(String.valueOf(context.toolCallId()));
                    return input;
                })
                .build()
                .start("Hi");
        Events.end(run);
        assertThat(seen).containsExactly(run.id(), "watcher", "null");
    }

    @Test
    void aStopDuringAHookBeforeLeavesTheModelUnasked() throws Exception {
        var model = TestModel.of(says("Hello"));
        var gate = new Gate();
        var run = Agent.builder()
                .model(model)
                .before("slow", (input, context) -> {
                    gate.pass();
                    return input;
                })
                .build()
                .start("Hi");
        gate.awaitReached();
        run.cancel();
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Events.names(run)).containsExactly("RunStarted", "PreHookStarted", "RunCancelled");
        assertThat(model.requests()).isEmpty();
    }
}
