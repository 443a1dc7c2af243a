package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.HashSet;
import java.util.List;

/** Whether a conversation would be accepted. */
final class History {
    private History() {}

    static void assertValid(List<Message> messages) {
        var open = new HashSet<String>();
        for (var message : messages) {
            if (message.role() == Role.TOOL) {
                assertThat(open.remove(message.toolCallId()))
                        .as("the result %s answers an open call", message)
                        .isTrue();
            } else {
                assertThat(open).as("calls without a result before %s", message).isEmpty();
            }
            message.toolCalls().stream().map(ToolCall::id).forEach(open::add);
        }
        assertThat(open).as("calls without a result").isEmpty();
    }
}
