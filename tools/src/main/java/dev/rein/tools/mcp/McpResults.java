package dev.rein.tools.mcp;

import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.stream.Collectors;

/** Converts the results of MCP tools to results for the model. */
final class McpResults {
    private McpResults() {}

    /** The text of the result, or its structured content if it has no text. @throws McpToolException if it is an error */
    static Object text(CallToolResult result) throws McpToolException {
        var text = result.content() == null
                ? ""
                : result.content().stream().map(McpResults::text).collect(Collectors.joining("\n"));
        var failed = result.isError();
        if (failed != null && failed) {
            throw new McpToolException(text.isEmpty() ? "the tool failed without a message" : text);
        }
        return text.isEmpty() && result.structuredContent() != null ? result.structuredContent() : text;
    }

    private static String text(Content content) {
        return switch (content) {
            case TextContent text -> text.text();
            case EmbeddedResource embedded when embedded.resource() instanceof TextResourceContents text -> text.text();
            case EmbeddedResource embedded -> "[resource " + embedded.resource().uri() + ", not shown]";
            case ResourceLink link -> "[resource " + link.uri() + "]";
            case ImageContent image -> "[image of type " + image.mimeType() + ", not shown]";
            case AudioContent audio -> "[audio of type " + audio.mimeType() + ", not shown]";
            default -> "[content of type " + content.type() + ", not shown]";
        };
    }
}
