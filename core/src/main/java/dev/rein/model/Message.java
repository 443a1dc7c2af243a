package dev.rein.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Immutable.
 *
 * @param role the role of the author
 * @param content the text; may be empty
 * @param images the images of a user message; empty for other roles
 * @param toolCalls the tool calls that an assistant message requests
 * @param toolCallId the id of the call that a tool message answers; null for other roles
 * @param toolName the name of the tool that a tool message comes from; null for other roles
 * @param toolError whether a tool message reports an error
 * @param reasoning the reasoning of an assistant message, if the provider returned it; otherwise null
 * @param interrupted whether the message was cut short by a stop, or replaces a result that a stop prevented
 * @param providerData what the provider wants back with an assistant message; null for nothing
 * @param files the documents, audio and video of a user message; empty for other roles
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
        boolean interrupted,
        @Nullable ProviderData providerData,
        List<InputFile> files) {
    // Messages that were stored before there were files have none.
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"})
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        images = List.copyOf(images);
        toolCalls = List.copyOf(toolCalls);
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** A message without files. */
    public Message(
            Role role,
            String content,
            List<Image> images,
            List<ToolCall> toolCalls,
            @Nullable String toolCallId,
            @Nullable String toolName,
            boolean toolError,
            @Nullable String reasoning,
            boolean interrupted,
            @Nullable ProviderData providerData) {
        this(
                role,
                content,
                images,
                toolCalls,
                toolCallId,
                toolName,
                toolError,
                reasoning,
                interrupted,
                providerData,
                List.of());
    }

    /** A message without data of a provider. */
    public Message(
            Role role,
            String content,
            List<Image> images,
            List<ToolCall> toolCalls,
            @Nullable String toolCallId,
            @Nullable String toolName,
            boolean toolError,
            @Nullable String reasoning,
            boolean interrupted) {
        this(role, content, images, toolCalls, toolCallId, toolName, toolError, reasoning, interrupted, null);
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

    /** A message of the user with images and files. */
    public static Message user(String content, List<Image> images, List<InputFile> files) {
        return user(content, images).withMedia(images, files);
    }

    public static Message assistant(String content) {
        return assistant(content, null, List.of());
    }

    public static Message assistant(String content, @Nullable String reasoning, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, List.of(), toolCalls, null, null, false, reasoning, false);
    }

    /**
     * Returns a message with the result of a tool call.
     *
     * @param error whether {@code content} reports an error
     */
    public static Message tool(ToolCall call, String content, boolean error) {
        return new Message(Role.TOOL, content, List.of(), List.of(), call.id(), call.name(), error, null, false);
    }

    /** Returns a copy that is marked as interrupted by a stop. */
    public Message asInterrupted() {
        return copy(content, toolCalls, toolCallId, true, providerData);
    }

    /** Returns a copy with another text. */
    public Message withContent(String newContent) {
        return copy(newContent, toolCalls, toolCallId, interrupted, providerData);
    }

    /** Returns a copy with other tool calls, and another id of the call that it answers. */
    public Message withCalls(List<ToolCall> newCalls, @Nullable String newToolCallId) {
        return copy(content, newCalls, newToolCallId, interrupted, providerData);
    }

    /** Returns a copy with data that the provider wants back. */
    public Message withProviderData(@Nullable ProviderData newData) {
        return copy(content, toolCalls, toolCallId, interrupted, newData);
    }

    /** Returns a copy with other images and files. */
    public Message withMedia(List<Image> newImages, List<InputFile> newFiles) {
        return new Message(
                role,
                content,
                newImages,
                toolCalls,
                toolCallId,
                toolName,
                toolError,
                reasoning,
                interrupted,
                providerData,
                newFiles);
    }

    /** Whether it has images or files. */
    public boolean hasMedia() {
        return !images.isEmpty() || !files.isEmpty();
    }

    private Message copy(
            String newContent,
            List<ToolCall> newCalls,
            @Nullable String newToolCallId,
            boolean nowInterrupted,
            @Nullable ProviderData newData) {
        return new Message(
                role,
                newContent,
                images,
                newCalls,
                newToolCallId,
                toolName,
                toolError,
                reasoning,
                nowInterrupted,
                newData,
                files);
    }
}
