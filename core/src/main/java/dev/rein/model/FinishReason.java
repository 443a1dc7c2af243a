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
        return switch (raw.strip().toLowerCase(Locale.ROOT)) {
            case "stop", "completed", "complete", "end_turn", "stop_sequence", "eos", "eos_token" -> STOP;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> TOOL_CALLS;
            case "length",
                    "max_tokens",
                    "max_output_tokens",
                    "model_length",
                    "model_context_window_exceeded",
                    "incomplete" -> LENGTH;
            case "content_filter",
                    "content_filtered",
                    "refusal",
                    "safety",
                    "recitation",
                    "language",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "image_safety" -> CONTENT_FILTER;
            case "error",
                    "failed",
                    "insufficient_system_resource",
                    "network_error",
                    "malformed_function_call",
                    "unexpected_tool_call" -> ERROR;
            default -> OTHER;
        };
    }
}
