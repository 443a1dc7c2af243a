package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelRequest;
import java.util.List;

/**
 * The format of one provider's API: how {@link FakeProvider} recognises and reads its requests, and how it writes its responses. With it,
 * every {@link Script} works for the API, and {@link ModelContract} can test a model that uses it. Implement it for an API that is not
 * built in, and pass it to {@link FakeProvider.Builder#format}. Implementations are immutable and thread-safe.
 */
public interface ProviderFormat {

    /** OpenAI's chat completions, {@code POST /v1/chat/completions}. */
    static ProviderFormat chatCompletions() {
        return ChatFormat.INSTANCE;
    }

    /** OpenAI's responses, {@code POST /v1/responses}. */
    static ProviderFormat responses() {
        return ResponsesFormat.INSTANCE;
    }

    /**
     * OpenAI's embeddings, {@code POST /v1/embeddings}. The vectors count words; a script can hang, fail or send a whole body, and what it
     * says otherwise is not sent.
     */
    static ProviderFormat embeddings() {
        return EmbeddingsFormat.INSTANCE;
    }

    /** Anthropic's messages, {@code POST /v1/messages}. */
    static ProviderFormat anthropicMessages() {
        return MessagesFormat.INSTANCE;
    }

    /** Ollama's chats, {@code POST /api/chat}: a JSON document on each line. */
    static ProviderFormat ollamaChat() {
        return OllamaFormat.INSTANCE;
    }

    /** Gemini's generated content, {@code POST /v1beta/models/{id}:streamGenerateContent} and {@code generateContent}. */
    static ProviderFormat gemini() {
        return GeminiFormat.INSTANCE;
    }

    /** Whether this is a request for a response of the model, which a script answers. Decided by the method and the path. */
    boolean serves(ReceivedRequest request);

    /** Whether the request asks for a stream. */
    default boolean isStreamed(ReceivedRequest request, JsonNode body) {
        return body.path("stream").asBoolean(false);
    }

    /** The content type of a stream. */
    default String contentType() {
        return "text/event-stream; charset=utf-8";
    }

    /** A new encoder of the response to the request. */
    ResponseEncoder encoder(ReceivedRequest request, JsonNode body);

    /** The body of an error response with this HTTP status. */
    String error(int status, String message);

    /**
     * Reads the request: its messages in their order, tools, schema of the answer and settings, as far as the API transmits them. Names
     * that the API does not transmit are empty.
     */
    ModelRequest read(ReceivedRequest request);

    /** What the provider would reject in the request, each with its place; empty if it would accept it. */
    List<String> violations(ReceivedRequest request);
}
