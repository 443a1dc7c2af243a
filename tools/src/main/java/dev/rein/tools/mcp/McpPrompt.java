package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.run.RunInput;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that a server offers: a text for a model, made of arguments. Immutable.
 *
 * @param name for {@link McpTools#prompt}
 * @param description null if the server gives none
 * @param arguments in the server's order
 */
public record McpPrompt(String name, @Nullable String description, List<Argument> arguments) {
    public McpPrompt {
        arguments = List.copyOf(arguments);
    }

    /**
     * An argument of a prompt. Immutable.
     *
     * @param name its name
     * @param description null if the server gives none
     * @param required whether it must be given
     */
    public record Argument(String name, @Nullable String description, boolean required) {}

    /** @return null if it has no name */
    static @Nullable McpPrompt of(JsonNode node) {
        return node.path("name").isTextual()
                ? new McpPrompt(
                        node.path("name").textValue(),
                        node.path("description").asText(node.path("title").textValue()),
                        node.path("arguments")
                                .valueStream()
                                .filter(each -> each.path("name").isTextual())
                                .map(each -> new Argument(
                                        each.path("name").textValue(),
                                        each.path("description").textValue(),
                                        each.path("required").asBoolean()))
                                .toList())
                : null;
    }

    /**
     * A prompt with its arguments filled in. Immutable.
     *
     * @param description null if the server gives none
     * @param messages of the user and the assistant; audio and binary files are only named in them
     */
    public record Filled(@Nullable String description, List<Message> messages) {
        public Filled {
            messages = List.copyOf(messages);
        }

        static Filled of(JsonNode result) {
            return new Filled(
                    result.path("description").textValue(),
                    result.path("messages").valueStream().map(Filled::message).toList());
        }

        static Message message(JsonNode message) {
            var content = message.path("content");
            var isAssistant = message.path("role").asText().equals("assistant");
            var image = isAssistant ? null : McpResults.image(content);
            if (image != null) {
                return Message.user("", List.of(image));
            }
            var text = McpResults.content(content);
            return isAssistant ? Message.assistant(text) : Message.user(text);
        }

        /** The messages as the input of a run: the texts, with the roles if there are several messages, and the images. */
        public RunInput input() {
            var images = new ArrayList<Image>();
            messages.forEach(message -> images.addAll(message.images()));
            var isDialogue = messages.stream().anyMatch(message -> message.role() == Role.ASSISTANT);
            var text = messages.stream()
                    .filter(message -> !message.content().isEmpty())
                    .map(message -> (isDialogue ? (message.role() == Role.ASSISTANT ? "Assistant: " : "User: ") : "")
                            + message.content())
                    .collect(Collectors.joining("\n\n"));
            return new RunInput(text, images);
        }
    }
}
