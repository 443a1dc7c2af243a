package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Exceptions whose message cannot be read. */
class UnreadableFailureTest {
    /** An exception whose getMessage() fails. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    void aFailureWithoutAReadableMessageEndsTheRun() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .before("broken", (input, context) -> {
                    throw new Unreadable();
                })
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.isError()).isTrue();
        assertThat(Objects.requireNonNull(output.failure()).type()).isEqualTo("Unreadable");
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("the message is unavailable");
    }

    @Test
    void aToolsFailureWithoutAReadableMessageIsToldToTheModel() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("broken"), says("Hello")))
                .tools(tool("broken", context -> {
                    throw new Unreadable();
                }))
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Hello");
        assertThat(output.tools().getFirst().result()).startsWith("Error: Unreadable: the message is unavailable");
    }
}
