package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.delivery.Transcript;
import dev.rein.model.Message;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The messages that precede the user's message in a request: the system message and the history. */
final class Prompt {
    private Prompt() {}

    static List<Message> messages(AgentSettings settings, List<StoredRun> earlier) {
        var messages = new ArrayList<Message>();
        var system = system(settings);
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        var callIds = new CallIds();
        for (var run : earlier) {
            callIds.unique(HistoryRepair.repaired(run.messages())).forEach(message -> messages.add(annotated(message)));
        }
        return messages;
    }

    /** Marks an interrupted message as such, and replaces a blank one, which no provider accepts. */
    private static Message annotated(Message message) {
        if (message.content().isBlank()) {
            return Transcript.nonBlank(message);
        }
        return message.interrupted() && message.toolCallId() == null
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
