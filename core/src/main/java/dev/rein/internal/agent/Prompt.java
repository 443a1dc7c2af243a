package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.OutgoingRequests;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The messages that precede the user's message in a request: the system message and the history. */
final class Prompt {
    private Prompt() {}

    /** @param storedSystem the system message that a resumed run keeps; null to make one */
    static List<Message> messages(AgentSettings settings, @Nullable String storedSystem, List<StoredRun> earlier) {
        var messages = new ArrayList<Message>();
        var system = storedSystem == null ? system(settings) : storedSystem;
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        messages.addAll(settings.exampleMessages());
        var history = new ArrayList<Message>();
        earlier.forEach(run -> run.messages().forEach(message -> history.add(annotated(message))));
        messages.addAll(OutgoingRequests.validHistory(EarlierMedia.described(history, settings.earlierMedia())));
        return messages;
    }

    /** Marks an interrupted message as such. A blank one has nothing to mark. */
    private static Message annotated(Message message) {
        return message.interrupted()
                        && message.toolCallId() == null
                        && !message.content().isBlank()
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
        return text.append(instructions(settings)).toString().strip();
    }

    /** The instructions as one text: several are a list. */
    static String instructions(AgentSettings settings) {
        var instructions = settings.instructions();
        return instructions.size() == 1
                ? Objects.requireNonNull(instructions.getFirst())
                : instructions.stream().map(each -> "- " + each).collect(Collectors.joining("\n"));
    }
}
