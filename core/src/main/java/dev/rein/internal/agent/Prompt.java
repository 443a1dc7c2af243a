package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.delivery.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What goes to the model before the user's message: the system message and the history. */
final class Prompt {
    private Prompt() {}

    static List<Message> before(AgentSettings settings, List<StoredRun> earlier) {
        var messages = new ArrayList<Message>();
        var system = system(settings);
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        for (var run : earlier) {
            HistoryRepair.repaired(run.messages()).forEach(message -> messages.add(retold(message)));
        }
        return messages;
    }

    /**
     * The model is told what was cut short; otherwise it would take a torn sentence for its own. And it may have said nothing
     * at all, which no provider takes back as a message.
     */
    private static Message retold(Message message) {
        if (message.role() == Role.ASSISTANT
                && message.content().isBlank()
                && message.toolCalls().isEmpty()) {
            return message.withContent(InterruptionTexts.EMPTY_ANSWER);
        }
        return message.interrupted() && !message.content().isEmpty() && message.toolCallId() == null
                ? message.withContent(InterruptionTexts.interrupted(message.content()))
                : message;
    }

    private static String system(AgentSettings settings) {
        var text = new StringBuilder();
        if (settings.component().description() != null) {
            text.append(settings.component().description()).append("\n\n");
        }
        if (settings.role() != null) {
            text.append("Your role: ").append(settings.role()).append("\n\n");
        }
        var instructions = settings.instructions();
        if (instructions.size() == 1) {
            text.append(Objects.requireNonNull(instructions.getFirst()));
        } else {
            instructions.forEach(each -> text.append("- ").append(each).append('\n'));
        }
        return text.toString().strip();
    }
}
