package dev.rein.internal.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.tool.ToolJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Converts the return value of a tool to text for the model. */
public final class ToolResults {
    private static final JsonMapper MAPPER = ResultJson.mapper(ToolJson.mapper());

    private ToolResults() {}

    /** As {@link #text(Object, int, Cancellation)}, of a value that needs no waiting and is short enough to be written completely. */
    static String text(@Nullable Object result) {
        return write(result, Integer.MAX_VALUE).text();
    }

    /**
     * The text of a result: strings unchanged, null as {@code null}, an Optional as its value, a future as its value, for which this
     * waits, and text from an InputStream (UTF-8) or a Reader, which is closed. Everything else is JSON, a stream as a list. JSON strings
     * (times, enums, paths) have no quotes; objects without properties are written by a {@code toString} of their own.
     *
     * @param limit in characters; what is read or written does not exceed it, and the rest is dropped
     * @throws IllegalArgumentException if the value can't be written, for example because it has no properties or contains itself
     * @throws Exception if the future has failed, or the stream can't be read
     */
    public static ResultText text(@Nullable Object result, int limit, Cancellation cancellation) throws Exception {
        return switch (result) {
            case Optional<?> optional -> text(optional.orElse(null), limit, cancellation);
            case CompletionStage<?> stage ->
                text(await(stage.toCompletableFuture(), cancellation), limit, cancellation);
            case Future<?> future -> text(await(future, cancellation), limit, cancellation);
            case InputStream stream -> read(new InputStreamReader(stream, StandardCharsets.UTF_8), limit);
            case Reader reader -> read(reader, limit);
            case null, default -> write(result, limit);
        };
    }

    private static @Nullable Object await(Future<?> future, Cancellation cancellation) throws Exception {
        try {
            return cancellation.await(future, null);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new AssertionError("a wait without a timeout cannot time out", e);
        }
    }

    private static ResultText read(Reader source, int limit) throws IOException {
        try (var reader = source) {
            var text = new BoundedText(limit);
            var buffer = new char[8192];
            try {
                for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                    text.write(buffer, 0, length);
                }
            } catch (IOException e) {
                if (!text.isFull()) {
                    throw e;
                }
            }
            return text.result();
        }
    }

    private static ResultText write(@Nullable Object result, int limit) {
        if (result instanceof String text) {
            return new ResultText(text, true);
        }
        if (result instanceof JsonNode node) {
            return new ResultText(node.isTextual() ? node.textValue() : node.toString(), true);
        }
        var text = new BoundedText(limit);
        try {
            MAPPER.writeValue(text, result);
            var json = text.result().text();
            return json.startsWith("\"") ? new ResultText(MAPPER.readValue(json, String.class), true) : text.result();
        } catch (IOException e) {
            if (text.isFull()) {
                return text.result();
            }
            if (e instanceof InvalidDefinitionException invalid
                    && result != null
                    && invalid.getPath().isEmpty()
                    && ToolJson.hasText(result.getClass())) {
                return new ResultText(result.toString(), true);
            }
            throw new IllegalArgumentException(
                    "the result can't be written as JSON: "
                            + (e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage()),
                    e);
        }
    }
}
