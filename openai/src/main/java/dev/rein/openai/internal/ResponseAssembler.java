package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.http.ResponseText;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Assembles a response from the events of its stream and reports each part to the call as it arrives. Confined to one thread. */
abstract sealed class ResponseAssembler implements ModelEvents permits ChatAssembler, ResponsesAssembler {

    private final ModelCall call;
    private final RequestSettings settings;
    private final @Nullable ThinkTagSplitter splitter;
    /** The text as it was received. */
    private final ResponseText received = new ResponseText();

    /** The text without the reasoning between tags; unused if there are no tags. */
    private final StringBuilder untaggedText = new StringBuilder(0);

    private final StringBuilder reasoning = new StringBuilder();
    private @Nullable Usage usage;
    private @Nullable String finishReason;

    ResponseAssembler(ModelCall call, RequestSettings settings) {
        this.call = call;
        this.settings = settings;
        splitter = settings.thinkTags() == null
                ? null
                : new ThinkTagSplitter(settings.thinkTags(), this::deliverUntagged, this::addReasoning);
    }

    @Override
    public final Optional<JsonNode> error(String name, JsonNode event) {
        return error(typed(name, event)).or(() -> name.equals("error") ? Optional.of(event) : Optional.empty());
    }

    @Override
    public final void accept(String name, JsonNode event) {
        accept(typed(name, event));
    }

    /** The event with the type that its name tells, if the API's events have types. */
    JsonNode typed(String name, JsonNode event) {
        return event;
    }

    /** Nothing at all is no response, and a call of which only the name was received has been cut off. */
    @Override
    public final boolean isCompleteWhenDone() {
        return !isEmpty() && !hasCallWithoutArguments();
    }

    /** Whether only the name of a tool call has been received. */
    abstract boolean hasCallWithoutArguments();

    /** The event's description of an error; empty if it reports none. Servers put errors into any kind of event. */
    Optional<JsonNode> error(JsonNode event) {
        return ProviderError.find(event);
    }

    /** Processes an event that reports no error. */
    abstract void accept(JsonNode event);

    /** Whether the provider has sent the reason why the response ended. */
    @Override
    public final boolean isComplete() {
        return finishReason != null;
    }

    /** Whether nothing of a response has been received. */
    final boolean isEmpty() {
        return received.isEmpty()
                && reasoning.isEmpty()
                && finishReason == null
                && toolCalls().isEmpty();
    }

    /** The tool calls so far. */
    abstract List<ToolCall> toolCalls();

    /** Adds the members that the provider wants back with the message. */
    abstract void addProviderMembers(ObjectNode members);

    /** Takes what has been kept for the case that nothing else comes. */
    void complete() {}

    final ModelResponse response() {
        complete();
        if (splitter != null) {
            splitter.end();
        }
        var members = ProviderJson.mapper().createObjectNode();
        addProviderMembers(members);
        var calls = toolCalls();
        var reason = FinishReason.of(finishReason);
        return new ModelResponse(
                splitter == null ? received.toString() : untaggedText.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                calls,
                usage,
                // The responses API and some servers give the same reason for answers and for tool calls.
                reason == FinishReason.STOP && !calls.isEmpty() ? FinishReason.TOOL_CALLS : reason,
                finishReason,
                members.isEmpty() ? null : providerData(members));
    }

    final ProviderData providerData(JsonNode members) {
        return new ProviderData(RequestSettings.PROVIDER, settings.model(), settings.address(), members);
    }

    final void addText(String delta) {
        if (delta.isEmpty()) {
            return;
        }
        received.append(delta);
        if (splitter == null) {
            call.text(delta);
        } else {
            splitter.accept(delta);
            // The splitter may have held it back.
            call.progress(0);
        }
    }

    private void deliverUntagged(String delta) {
        if (!delta.isEmpty()) {
            untaggedText.append(delta);
            call.text(delta);
        }
    }

    final void addReasoning(String delta) {
        if (!delta.isEmpty()) {
            reasoning.append(delta);
            call.reasoning(delta);
        }
    }

    final ResponseText received() {
        return received;
    }

    final CharSequence reasoning() {
        return reasoning;
    }

    /** Reports the usage, unless it is missing. Later ones replace earlier ones. */
    final void addUsage(@Nullable Usage counted) {
        if (counted != null) {
            usage = counted;
            call.usage(counted);
        }
    }

    final boolean hasUsage() {
        return usage != null;
    }

    /** Sets the reason why the response ended. Some servers send another one afterwards; then the more specific one counts. */
    final void finish(String reason) {
        var before = FinishReason.of(finishReason);
        if (finishReason == null || before == FinishReason.STOP || before == FinishReason.OTHER) {
            finishReason = reason;
        }
    }
}
