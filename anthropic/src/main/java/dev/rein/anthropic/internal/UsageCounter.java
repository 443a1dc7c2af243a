package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a response. Each event has the totals so far of some counts. The provider counts input that was read from its cache or
 * written to it apart; here it is part of the input.
 */
final class UsageCounter {
    private boolean any;
    private long input;
    private long cacheRead;
    private long cacheWritten;
    private long output;
    private long thinking;

    /**
     * Takes over the counts of an event.
     *
     * @return false if it has none
     */
    boolean add(JsonNode counted) {
        if (!counted.isObject()) {
            return false;
        }
        any = true;
        input = value(counted, "input_tokens", input);
        cacheRead = value(counted, "cache_read_input_tokens", cacheRead);
        cacheWritten = value(counted, "cache_creation_input_tokens", cacheWritten);
        output = value(counted, "output_tokens", output);
        thinking = value(counted.path("output_tokens_details"), "thinking_tokens", thinking);
        return true;
    }

    Usage counted() {
        return new Usage(input + cacheRead + cacheWritten, output, thinking, cacheRead);
    }

    /** Null if the provider has sent no counts. */
    @Nullable
    Usage usage() {
        return any ? counted() : null;
    }

    private static long value(JsonNode counted, String name, long before) {
        var value = counted.path(name);
        return value.isNumber() || value.isTextual() ? value.asLong(before) : before;
    }
}
