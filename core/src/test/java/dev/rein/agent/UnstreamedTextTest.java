package dev.rein.agent;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Message;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that stream another part of their response than they return, and responses without an end or without anything to see. */
class UnstreamedTextTest {
    private static TestModel.Turn streams(String text, @Nullable String reasoning, ModelResponse returned) {
        return (request, call) -> {
            if (reasoning != null) {
                call.reasoning(reasoning);
            }
            call.text(text);
            return returned;
        };
    }

    private static ModelResponse returned(String text, @Nullable String reasoning) {
        return new ModelResponse(text, reasoning, List.of(), null, "stop");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                // streamed, its reasoning, returned, its reasoning, delivered
                "'', Hm, Hello, Hm, Hello",
                "'', Hm, Hello, null, Hello",
                "Hel, null, Hello, null, Hello",
                "Hello, null, Hello, null, Hello",
                "Hello, null, '', null, Hello",
                "Hello, null, Hel, null, Hello",
                "Hello, null, Other, null, Hello",
                "'\n', Hm, Hello, Hm, '\nHello'",
                "'\n\nHel', null, Hello, null, '\n\nHello'",
                "'Hello ', null, Hello, null, 'Hello '",
                "Hello, null, Hello, Hm, Hello",
            })
    void textThatWasNotStreamedIsDeliveredBeforeTheResponseEnds(
            String streamed,
            @Nullable String streamedReasoning,
            String text,
            @Nullable String reasoning,
            String delivered) {
        var model = TestModel.of(streams(streamed, streamedReasoning, returned(text, reasoning)));
        var content = new StringBuilder();
        var thoughts = new StringBuilder();
        var afterEnd = new ArrayList<RunContent>();
        var ended = false;
        try (var stream = Agent.builder().model(model).build().stream("Hi")) {
            for (var event : stream) {
                ended |= event instanceof ModelRequestCompleted;
                if (event instanceof RunContent delta) {
                    content.append(delta.content());
                    thoughts.append(Objects.requireNonNullElse(delta.reasoningContent(), ""));
                    if (ended) {
                        afterEnd.add(delta);
                    }
                }
            }
            assertThat(stream.output().text()).isEqualTo(delivered);
        }
        assertThat(content).hasToString(delivered);
        assertThat(thoughts).hasToString(streamedReasoning != null || reasoning != null ? "Hm" : "");
        assertThat(afterEnd).isEmpty();
    }

    @Test
    void textBesideToolCallsIsDeliveredToo() {
        var calling =
                new ModelResponse("Let me see", "Hm", List.of(new ToolCall("c1", "look", "{}")), null, "tool_calls");
        var model = TestModel.of(streams("", "Hm", calling), says("Done"));

        var output = Agent.builder()
                .model(model)
                .tools(TestTools.tool("look", context -> "seen"))
                .build()
                .run("Hi");

        assertThat(output.messages()).extracting(Message::content).containsExactly("Hi", "Let me see", "seen", "Done");
        assertThat(output.text()).isEqualTo("Done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200b",
                "\ufeff\u2060",
                " \u200b\n\u200d",
                "\u00a0",
                "\u202f\u00ad",
                "\u3164",
                "\u2800",
                "\u0000"
            })
    void anAnswerOfWhichNothingCanBeSeenIsEmpty(String invisible) {
        for (var first : List.of(says(invisible), streams("", null, returned(invisible, null)))) {
            var model = TestModel.of(first, says("Hello"));

            var output = Agent.builder()
                    .model(model)
                    .retry(new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO))
                    .build()
                    .run("Hi");

            assertThat(output.isCompleted()).isTrue();
            assertThat(model.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "\u200b0", "\ud83d\ude00", "\ud83d"})
    void anythingElseIsAnAnswer(String visible) {
        assertThat(Agent.builder()
                        .model(TestModel.of(says(visible)))
                        .build()
                        .run("Hi")
                        .text())
                .isEqualTo(visible);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "reasoning", "progress"})
    void aResponseWithoutAnEndFailsWithTheBound(String kind) {
        var part = "0123456789abcdef".repeat(1 << 15);
        var model = TestModel.of((request, call) -> {
            while (true) {
                switch (kind) {
                    case "text" -> call.text(part);
                    case "reasoning" -> call.reasoning(part);
                    default -> call.progress(part.length());
                }
            }
        });

        var output = Agent.builder().model(model).build().run("Hi");

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("more than 16777216 characters");
    }
}
