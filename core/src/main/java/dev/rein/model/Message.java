package dev.rein.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Immutable.
 *
 * @param role who speaks
 * @param content the text; may be empty
 * @param images pictures, of a user's message only
 * @param toolCalls what an assistant's message wants called
 * @param toolCallId which call a tool's message answers; null for other roles
 * @param toolName which tool a tool's message is from; null for other roles
 * @param toolError whether a tool's message tells of an error
 * @param reasoning an assistant's reasoning, where the provider showed it; null otherwise
 * @param interrupted whether a stop cut this message short, or stands in for a result that never came
 */
public record Message(
        Role role,
        String content,
        List<Image> images,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId,
        @Nullable String toolName,
        boolean toolError,
        @Nullable String reasoning,
        boolean interrupted) {
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        images = List.copyOf(images);
        toolCalls = List.copyOf(toolCalls);
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content, List.of(), List.of(), null, null, false, null, false);
    }

    public static Message user(String content) {
        return user(content, List.of());
    }

    public static Message user(String content, List<Image> images) {
        return new Message(Role.USER, content, images, List.of(), null, null, false, null, false);
    }

    public static Message assistant(String content) {
        return assistant(content, null, List.of());
    }

    public static Message assistant(String content, @Nullable String reasoning, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, List.of(), toolCalls, null, null, false, reasoning, false);
    }

    /**
     * The result of a call.
     *
     * @param error whether {@code content} tells of an error
     */
    public static Message tool(ToolCall call, String content, boolean error) {
        return new Message(Role.TOOL, content, List.of(), List.of(), call.id(), call.name(), error, null, false);
    }

    /** The same message, marked as cut short by a stop. */
    public Message asInterrupted() {
        return new Message(role, content, images, toolCalls, toolCallId, toolName, toolError, reasoning, true);
    }

    /** The same message with another text. */
    public Message withContent(String newContent) {
        return new Message(
                role, newContent, images, toolCalls, toolCallId, toolName, toolError, reasoning, interrupted);
    }
}
