package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import java.util.Base64;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts the results of MCP tools to results for the model. */
final class McpResults {
    private McpResults() {}

    /** The text of the result, or its structured content if it has no text. @throws McpToolException if it is an error */
    static Object text(JsonNode result) throws McpToolException {
        var text = result.path("content").valueStream().map(McpResults::content).collect(Collectors.joining("\n"));
        if (result.path("isError").asBoolean()) {
            throw new McpToolException(text.isEmpty() ? "the tool failed without a message" : text);
        }
        var structured = result.path("structuredContent");
        return text.isEmpty() && structured.isContainerNode() ? structured : text;
    }

    /** The image of a content; null if it is none, or can't be read. */
    static @Nullable Image image(JsonNode content) {
        if (!content.path("type").asText().equals("image")) {
            return null;
        }
        try {
            return Image.of(
                    Base64.getMimeDecoder().decode(content.path("data").asText()),
                    content.path("mimeType").asText());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The content as a text; what has none is named. */
    static String content(JsonNode content) {
        var type = content.path("type").asText("none");
        return switch (type) {
            case "text" -> content.path("text").asText();
            case "resource" -> {
                var resource = content.path("resource");
                yield resource.path("text").isTextual()
                        ? resource.path("text").textValue()
                        : "[resource " + resource.path("uri").asText() + ", not shown]";
            }
            case "resource_link" -> "[resource " + content.path("uri").asText() + "]";
            default ->
                content.path("mimeType").isTextual()
                        ? "[" + type + " of type " + content.path("mimeType").textValue() + ", not shown]"
                        : "[content of type " + type + ", not shown]";
        };
    }
}
