package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Assembles a response from the events of its stream and reports each part to the call as it arrives. Confined to one thread. */
abstract sealed class ResponseAssembler permits ChatAssembler, ResponsesAssembler {

    private final ModelCall call;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ToolCallAssembler toolCalls = new ToolCallAssembler();
    private @Nullable Usage usage;
    private @Nullable String finishReason;

    ResponseAssembler(ModelCall call) {
        this.call = call;
    }

    /** The fields of an event that {@link #error} and {@link #accept} read. */
    abstract JsonProjection neededFields();

    /** The event's description of an error; empty if it reports none. Servers put an {@code error} into any kind of event. */
    Optional<JsonNode> error(JsonNode event) {
        return event.hasNonNull("error") ? Optional.of(event.get("error")) : Optional.empty();
    }

    /** Processes an event that reports no error. */
    abstract void accept(JsonNode event);

    /** Whether the provider has sent the reason why the response ended. */
    final boolean isComplete() {
        return finishReason != null;
    }

    /** Whether the rest of the stream can be ignored. */
    abstract boolean ignoresRest();

    final ModelResponse response() {
        var calls = toolCalls.toolCalls();
        var reason = FinishReason.of(finishReason);
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                calls,
                usage,
                // The responses API and some servers give the same reason for answers and for tool calls.
                reason == FinishReason.STOP && !calls.isEmpty() ? FinishReason.TOOL_CALLS : reason,
                finishReason,
                null);
    }

    final void addText(String delta) {
        if (!delta.isEmpty()) {
            text.append(delta);
            call.text(delta);
        }
    }

    final void addReasoning(String delta) {
        if (!delta.isEmpty()) {
            reasoning.append(delta);
            call.reasoning(delta);
        }
    }

    final boolean hasReasoning() {
        return !reasoning.isEmpty();
    }

    final ToolCallAssembler toolCalls() {
        return toolCalls;
    }

    final void addToolCallFragment(int index, String id, String name, String arguments) {
        call.progress(toolCalls.add(index, id, name, arguments));
    }

    /**
     * Reports the usage, if {@code counted} is an object.
     *
     * @param input name of the field with the input tokens; that of their details is {@code input + "_details"}
     * @param output name of the field with the output tokens
     */
    final void addUsage(JsonNode counted, String input, String output) {
        if (!counted.isObject()) {
            return;
        }
        usage = new Usage(
                counted.path(input).asLong(),
                counted.path(output).asLong(),
                counted.path(output + "_details").path("reasoning_tokens").asLong(),
                counted.path(input + "_details").path("cached_tokens").asLong());
        call.usage(usage);
    }

    final void finish(String reason) {
        finishReason = reason;
    }
}
