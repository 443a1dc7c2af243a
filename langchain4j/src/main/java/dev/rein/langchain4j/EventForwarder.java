package dev.rein.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.rein.http.ModelEvents;
import dev.rein.http.StreamedResponse;

/**
 * Passes events on to LangChain4j, and knows by them whether a stream was cut off, which LangChain4j's models take for an answer.
 * Streams in a format that is not known are complete when they end.
 */
final class EventForwarder implements ModelEvents {
    private final ServerSentEventListener listener;
    private final ServerSentEventContext context;
    private boolean begun;
    private boolean complete;

    EventForwarder(ServerSentEventListener listener, ExchangeCancellation cancellation) {
        this.listener = listener;
        this.context = new ServerSentEventContext(cancellation);
    }

    @Override
    public void opened(StreamedResponse response) {
        ReinHttpClient.notify(() -> listener.onOpen(ReinHttpClient.success(response, null)));
    }

    @Override
    public void accept(String name, JsonNode event) {
        complete = isLast(event) || (complete && begun) || (!begun && !isFirst(event));
        begun = true;
        var data = event.toString();
        ReinHttpClient.notify(() -> listener.onEvent(new ServerSentEvent(name.isEmpty() ? null : name, data), context));
    }

    /** Whether a response begins in one of the known formats, which say how it ends. */
    private static boolean isFirst(JsonNode event) {
        var type = event.path("type").asText();
        return event.has("choices")
                || event.has("candidates")
                || type.equals("message_start")
                || type.startsWith("response.");
    }

    private static boolean isLast(JsonNode event) {
        if (hasReason(event.path("choices"), "finish_reason") || hasReason(event.path("candidates"), "finishReason")) {
            return true;
        }
        return event.has("promptFeedback")
                || switch (event.path("type").asText()) {
                    case "message_stop", "response.completed", "response.incomplete", "response.failed" -> true;
                    default -> false;
                };
    }

    private static boolean hasReason(JsonNode choices, String member) {
        for (var choice : choices) {
            if (choice.hasNonNull(member)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    /** The tokens may come behind the end of the answer. */
    @Override
    public boolean ignoresRest() {
        return false;
    }
}
