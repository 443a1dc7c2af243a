package dev.rein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The last step before a request is sent: brings a conversation into the form that strict servers accept. Conversations contain
 * what models, tools and users have written, of other models too, and are stored as they came; a single message that a server
 * refuses would fail every later turn of its session.
 *
 * <p>Each adapter calls {@link #prepare} first, and sends what it returns. Stateless.
 */
@SuppressWarnings("ReferenceEquality") // The same object back means that nothing had to change.
public final class OutgoingRequests {
    /** The text of an assistant's message that is blank and calls no tools. No provider accepts an empty message. */
    public static final String EMPTY_ANSWER = "(No answer was given.)";

    /** The text of a user's message that is blank, such as the output of a silent step. */
    public static final String EMPTY_INPUT = "(No input.)";

    /** The result of a tool call whose result is missing. */
    public static final String NO_RESULT = "No result of this call was recorded. Its effects are unknown.";

    private OutgoingRequests() {}

    /**
     * Returns the request in the form in which it can be sent:
     *
     * <ul>
     *   <li>each tool call has exactly one result, right behind the message that calls; a missing one is {@link #NO_RESULT}, one
     *       without a call is dropped, and so is a call with neither name nor arguments
     *   <li>ids of tool calls have the given form and are unique in the conversation
     *   <li>names of tools are 1 to 64 letters, digits, {@code _} and {@code -}; no two of them become the same
     *   <li>blank messages have a text, see {@link #nonBlank}
     *   <li>no text contains half a surrogate pair
     *   <li>only the data of this model is left, see {@link ProviderData}
     *   <li>files of earlier turns that this model does not take are replaced by their names
     * </ul>
     *
     * <p>The same request becomes the same each time, and what a conversation begins with stays the same when it grows, so that
     * servers find it in their caches. Messages that need no change are not copied.
     *
     * @param model the model that the request is sent to
     * @param form the ids that its server accepts
     * @throws ModelException of kind BAD_REQUEST if the latest message of the user has a file that the model does not take
     */
    public static ModelRequest prepare(ModelRequest request, Model model, ToolCallIds form) {
        Objects.requireNonNull(model, "model");
        var valid = valid(takenFiles(request.messages(), model), form);
        var withValid = new ModelRequest(valid, request.tools(), request.outputSchema(), request.settings());
        var names = new ToolNames(withValid);
        return new ModelRequest(
                mapped(valid, message -> sendable(message, model, names)),
                mapped(request.tools(), tool -> sendable(tool, names)),
                sendable(request.outputSchema()),
                sendable(request.settings(), names));
    }

    /**
     * Returns messages in which each tool call has exactly one result and an id of its own, and no message is blank, as in {@link
     * #prepare}. Names, texts and data are left as they are.
     */
    public static List<Message> validHistory(List<Message> messages) {
        return valid(messages, ToolCallIds.ANY);
    }

    private static List<Message> valid(List<Message> messages, ToolCallIds form) {
        return mapped(UniqueCallIds.of(CallResults.repaired(messages), form), OutgoingRequests::nonBlank);
    }

    /**
     * Returns a message that is not blank: providers reject blank ones of users and assistants. White space beside tool calls is
     * dropped. The message itself if there is nothing to replace.
     */
    public static Message nonBlank(Message message) {
        if (!message.content().isBlank()) {
            return message;
        }
        return switch (message.role()) {
            case USER -> !message.hasMedia() ? message.withContent(EMPTY_INPUT) : message;
            case ASSISTANT ->
                message.toolCalls().isEmpty()
                        ? message.withContent(EMPTY_ANSWER)
                        : message.content().isEmpty() ? message : message.withContent("");
            default -> message;
        };
    }

    /** Refuses files that the model does not take, or names them if they are of earlier turns, which another model has answered. */
    private static List<Message> takenFiles(List<Message> messages, Model model) {
        if (messages.stream().allMatch(message -> message.files().isEmpty())) {
            return messages;
        }
        var types = model.fileTypes();
        var latest = messages.stream()
                .filter(message -> message.role() == Role.USER)
                .reduce((_, later) -> later)
                .orElse(null);
        return mapped(messages, message -> {
            var refused = message.files().stream()
                    .filter(file -> !file.isOneOf(types))
                    .toList();
            if (refused.isEmpty()) {
                return message;
            }
            if (message == latest) {
                throw refused(refused.getFirst(), types, model);
            }
            var taken = new ArrayList<>(message.files());
            taken.removeAll(refused);
            return message.withMedia(message.images(), taken)
                    .withContent(message.content() + "\n[Files that cannot be shown: "
                            + refused.stream().map(InputFile::name).toList() + "]");
        });
    }

    private static ModelException refused(InputFile file, Set<String> types, Model model) {
        return new ModelException(
                ModelException.Kind.BAD_REQUEST,
                model.name() + " " + model.id() + " does not take the file " + file + ": it takes "
                        + (types.isEmpty() ? "no files" : String.join(", ", new TreeSet<>(types)))
                        + ". Use a model that does; if this one does, say so with files(\"" + file.mediaType()
                        + "\") of its builder");
    }

    /** Returns the text in which each half of a surrogate pair is replaced, which strict servers refuse; the text itself if there is none. */
    public static String wellFormed(String text) {
        return WellFormedText.of(text);
    }

    private static Message sendable(Message message, Model model, ToolNames names) {
        var content = WellFormedText.of(message.content());
        var calls = mapped(message.toolCalls(), call -> sendable(call, model, names));
        var toolName = message.toolName() == null ? null : names.legal(message.toolName());
        var reasoning = WellFormedText.ofNullable(message.reasoning());
        var data = sendable(message.providerData(), model);
        return content.equals(message.content())
                        && calls == message.toolCalls()
                        && Objects.equals(toolName, message.toolName())
                        && Objects.equals(reasoning, message.reasoning())
                        && data == message.providerData()
                ? message
                : new Message(
                        message.role(),
                        content,
                        message.images(),
                        calls,
                        message.toolCallId(),
                        toolName,
                        message.toolError(),
                        reasoning,
                        message.interrupted(),
                        data,
                        message.files());
    }

    private static ToolCall sendable(ToolCall call, Model model, ToolNames names) {
        var name = names.legal(call.name());
        var arguments = WellFormedText.ofJson(call.arguments());
        var data = sendable(call.providerData(), model);
        return name.equals(call.name()) && arguments.equals(call.arguments()) && data == call.providerData()
                ? call
                : new ToolCall(call.id(), name, arguments, data);
    }

    private static @Nullable ProviderData sendable(@Nullable ProviderData data, Model model) {
        if (data == null || !data.isOf(model)) {
            return null;
        }
        var tree = WellFormedText.of(data.data());
        return tree == data.data() ? data : new ProviderData(data.provider(), data.model(), data.server(), tree);
    }

    private static ToolDefinition sendable(ToolDefinition tool, ToolNames names) {
        var name = names.legal(tool.name());
        var description = WellFormedText.of(tool.description());
        var parameters = WellFormedText.of(tool.parameters());
        return name.equals(tool.name()) && description.equals(tool.description()) && parameters == tool.parameters()
                ? tool
                : new ToolDefinition(name, description, parameters);
    }

    private static @Nullable OutputSchema sendable(@Nullable OutputSchema schema) {
        if (schema == null) {
            return null;
        }
        var tree = WellFormedText.of(schema.schema());
        return tree == schema.schema() ? schema : new OutputSchema(schema.name(), tree);
    }

    private static ModelSettings sendable(ModelSettings settings, ToolNames names) {
        var choice = settings.toolChoice();
        if (choice == null || choice.tool() == null) {
            return settings;
        }
        var name = names.legal(choice.tool());
        return name.equals(choice.tool())
                ? settings
                : ModelSettings.builder()
                        .toolChoice(ToolChoice.of(name))
                        .build()
                        .orElse(settings);
    }

    /** The mapped elements; the list itself if none of them changes. */
    private static <T> List<T> mapped(List<T> elements, UnaryOperator<T> mapping) {
        List<T> mapped = new ArrayList<>(elements.size());
        var same = true;
        for (var each : elements) {
            var result = mapping.apply(each);
            same &= result == each;
            mapped.add(result);
        }
        return same ? elements : mapped;
    }
}
