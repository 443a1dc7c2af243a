package dev.rein.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a response ended, normalised over the providers' own words. */
public enum FinishReason {
    /** The model finished its answer, or reached a stop sequence. */
    STOP,
    /** The model asks for tool calls. */
    TOOL_CALLS,
    /** The response was cut off: a limit of tokens, or the model's context, is reached. */
    LENGTH,
    /** The provider withheld the rest. */
    CONTENT_FILTER,
    /** The provider failed while it generated. */
    ERROR,
    /** Unknown: the provider gave no reason, or one that this version does not know. */
    OTHER;

    /** Whether text or tool calls may be missing at the end of the response. */
    public boolean isCutOff() {
        return this == LENGTH || this == CONTENT_FILTER || this == ERROR;
    }

    /**
     * The reason that a provider means. Known are the words of OpenAI's two APIs, of servers compatible with them, of Anthropic,
     * Gemini and Ollama, in any case.
     *
     * @param raw null if the provider gave none
     */
    public static FinishReason of(@Nullable String raw) {
        if (raw == null) {
            return OTHER;
        }
        // Gemini's door for OpenAI's clients says "content_filter: RECITATION".
        var word = raw.split(":", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT)
                .replace('-', '_')
                .replace(' ', '_');
        return switch (word) {
            case "stop", "stopped", "completed", "complete", "end_turn", "stop_sequence", "eos", "eos_token" -> STOP;
            case "tool_calls", "tool_call", "tool_use", "function_call", "function_calls" -> TOOL_CALLS;
            case "length",
                    "max_length",
                    "max_tokens",
                    "max_output_tokens",
                    "max_completion_tokens",
                    "model_length",
                    "context_length",
                    "context_length_exceeded",
                    "model_context_window_exceeded",
                    "token_limit",
                    "incomplete" -> LENGTH;
            case "content_filter",
                    "content_filtered",
                    "content_policy",
                    "guardrail_intervened",
                    "moderation",
                    "refusal",
                    "safety",
                    "sensitive",
                    "recitation",
                    "language",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "image_safety",
                    "image_prohibited_content",
                    "image_recitation",
                    "model_armor",
                    "jailbreak" -> CONTENT_FILTER;
            case "error",
                    "failed",
                    "abort",
                    "aborted",
                    "cancelled",
                    "timeout",
                    "server_error",
                    "function_call_filter",
                    "malformed_response",
                    "insufficient_system_resource",
                    "network_error",
                    "malformed_function_call",
                    "missing_thought_signature",
                    "too_many_tool_calls",
                    "unexpected_tool_call" -> ERROR;
            default -> OTHER;
        };
    }
}
