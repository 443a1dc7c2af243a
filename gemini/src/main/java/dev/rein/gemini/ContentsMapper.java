package dev.rein.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Maps the messages of a conversation to contents, which are the user's and the model's in turn: adjacent messages of the same author
 * become one. The results of a response's calls are one content, in the order of the calls.
 */
final class ContentsMapper {

    /** Google's own stand-in for the signature of a call that another model has made. */
    private static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private static final String USER = "user";
    private static final String MODEL = "model";

    private final FunctionNames names;
    private final GeminiVersion version;
    private final ArrayNode contents = ProviderJson.mapper().createArrayNode();
    private boolean hasResults;

    ContentsMapper(FunctionNames names, GeminiVersion version) {
        this.names = names;
        this.version = version;
    }

    ArrayNode map(List<Message> messages) {
        var turn = startOfTurn(messages);
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            switch (message.role()) {
                case SYSTEM -> {}
                case USER -> addUser(message);
                case ASSISTANT -> {
                    addModel(message, i > turn);
                    addResults(message.toolCalls(), messages, i + 1);
                }
                case TOOL -> {}
            }
        }
        if (contents.isEmpty()) {
            parts(USER).addObject().put("text", OutgoingRequests.EMPTY_INPUT);
        }
        return contents;
    }

    /** The index of the latest message of the user. */
    private static int startOfTurn(List<Message> messages) {
        for (var i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.USER) {
                return i;
            }
        }
        return -1;
    }

    private void addUser(Message message) {
        var parts = parts(USER);
        for (var image : message.images()) {
            parts.add(part(image));
        }
        for (var file : message.files()) {
            parts.addObject()
                    .putObject("inlineData")
                    .put("mimeType", file.mediaType())
                    .put("data", file.base64());
        }
        if (!message.content().isEmpty()) {
            parts.addObject().put("text", message.content());
        }
    }

    private void addModel(Message message, boolean isCurrentTurn) {
        if (contents.isEmpty() && !message.toolCalls().isEmpty()) {
            // Calls are refused at the beginning of a conversation.
            parts(USER).addObject().put("text", OutgoingRequests.EMPTY_INPUT);
        }
        var parts = parts(MODEL);
        SignedText.addParts(message, parts);
        var isFirst = true;
        for (var call : message.toolCalls()) {
            var part = parts.addObject();
            part.putObject("functionCall")
                    .put("id", call.id())
                    .put("name", names.function(call.name()))
                    .set("args", ProviderJson.argumentsTree(call.arguments()));
            var signature = SignedText.signature(call);
            if (!signature.isEmpty()) {
                part.put(SignedText.SIGNATURE, signature);
            } else if (isFirst && isCurrentTurn && version.requiresSignatures()) {
                part.put(SignedText.SIGNATURE, NO_SIGNATURE);
            }
            isFirst = false;
        }
    }

    /** Adds the results right behind the message that calls. */
    private void addResults(List<ToolCall> calls, List<Message> messages, int from) {
        if (calls.isEmpty()) {
            return;
        }
        Map<String, Message> results = new HashMap<>();
        for (var i = from; i < messages.size() && messages.get(i).role() == Role.TOOL; i++) {
            results.put(String.valueOf(messages.get(i).toolCallId()), messages.get(i));
        }
        var parts = contents.addObject().put("role", USER).putArray("parts");
        hasResults = true;
        for (var call : calls) {
            var result = results.get(call.id());
            parts.addObject()
                    .putObject("functionResponse")
                    .put("id", call.id())
                    .put("name", names.function(call.name()))
                    .putObject("response")
                    .put(
                            result != null && result.toolError() ? "error" : "output",
                            result == null ? OutgoingRequests.NO_RESULT : result.content());
        }
    }

    /** The parts of the last content if it has this role and no results, or else of a new one. */
    private ArrayNode parts(String role) {
        if (!contents.isEmpty() && !hasResults) {
            var last = contents.get(contents.size() - 1);
            if (last.path("role").asText().equals(role)) {
                return (ArrayNode) last.get("parts");
            }
        }
        hasResults = false;
        return contents.addObject().put("role", role).putArray("parts");
    }

    private static ObjectNode part(Image image) {
        var part = ProviderJson.mapper().createObjectNode();
        var content = image.base64();
        if (content != null) {
            part.putObject("inlineData").put("mimeType", image.mimeType()).put("data", content);
            return part;
        }
        var file = part.putObject("fileData");
        var type = typeOf(image.url());
        if (!type.isEmpty()) {
            file.put("mimeType", type);
        }
        file.put("fileUri", image.url());
        return part;
    }

    /** The type that an address ends with; empty if it is none of those that Gemini knows. */
    private static String typeOf(String url) {
        var path = url.replaceFirst("[?#].*", "").toLowerCase(Locale.ROOT);
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "webp" -> "image/webp";
            case "heic" -> "image/heic";
            case "heif" -> "image/heif";
            default -> "";
        };
    }
}
