package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/** Reads token counts, whose fields have different names in the two APIs and at some servers. */
final class UsageReader {

    private UsageReader() {}

    /** The usage in an object; null if it is none, or counts nothing. */
    static @Nullable Usage read(JsonNode counted) {
        if (!counted.isObject()) {
            return null;
        }
        var input = first(counted, "prompt_tokens", "input_tokens");
        var output = first(counted, "completion_tokens", "output_tokens");
        var reasoning = details(counted, "completion_tokens_details", "output_tokens_details", "reasoning_tokens");
        if (reasoning == 0) {
            reasoning = first(counted, "reasoning_tokens");
        }
        var cached = details(counted, "prompt_tokens_details", "input_tokens_details", "cached_tokens");
        if (cached == 0) {
            // DeepSeek, Moonshot, Anthropic behind a gateway.
            cached = first(counted, "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens");
        }
        // xAI and Gemini count reasoning in the total only.
        var total = first(counted, "total_tokens");
        if (total > input + output && input + output > 0) {
            output = total - input;
        }
        return input == 0 && output == 0 ? null : new Usage(input, output, reasoning, cached);
    }

    /** The usage in llama.cpp's {@code timings}, which counts cached tokens separately; null if there is none. */
    static @Nullable Usage ofTimings(JsonNode timings) {
        var cached = first(timings, "cache_n");
        var input = first(timings, "prompt_n") + cached;
        var output = first(timings, "predicted_n");
        return input == 0 && output == 0 ? null : new Usage(input, output, 0, cached);
    }

    private static long details(JsonNode counted, String inChat, String inResponses, String field) {
        var value = first(counted.path(inChat), field);
        return value != 0 ? value : first(counted.path(inResponses), field);
    }

    /** The first field with a number other than 0; also a number in a string. */
    private static long first(JsonNode object, String... fields) {
        for (var field : fields) {
            var value = object.path(field).asLong();
            if (value != 0) {
                return value;
            }
        }
        return 0;
    }
}
