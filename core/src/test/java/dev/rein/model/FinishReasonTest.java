package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinishReasonTest {

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "completed, STOP",
        "STOP, STOP",
        "end_turn, STOP",
        "tool_calls, TOOL_CALLS",
        "tool-calls, TOOL_CALLS",
        "function_call, TOOL_CALLS",
        "length, LENGTH",
        "MAX_TOKENS, LENGTH",
        "max_output_tokens, LENGTH",
        "model_length, LENGTH",
        "incomplete, LENGTH",
        "content_filter, CONTENT_FILTER",
        "content-filter, CONTENT_FILTER",
        "content_filter: RECITATION, CONTENT_FILTER",
        "sensitive, CONTENT_FILTER",
        "error, ERROR",
        "insufficient_system_resource, ERROR",
        "function_call_filter: MALFORMED_FUNCTION_CALL, ERROR",
        "abort, ERROR",
        "something new, OTHER",
        "'', OTHER",
        ", OTHER"
    })
    void theReasonsOfProvidersAreNormalised(String raw, FinishReason expected) {
        assertThat(FinishReason.of(raw)).isEqualTo(expected);
    }
}
