package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelSettingsTest {

    @Test
    void aRequestsSettingsComeBeforeTheModels() {
        var model = ModelSettings.builder()
                .temperature(0.5)
                .maxOutputTokens(100)
                .extra("top_k", IntNode.valueOf(40))
                .extra("min_p", IntNode.valueOf(1))
                .build();
        var request = ModelSettings.builder()
                .temperature(0)
                .stop("END")
                .extra("top_k", IntNode.valueOf(5))
                .build();

        var used = request.orElse(model);

        assertThat(used)
                .isEqualTo(ModelSettings.builder()
                        .temperature(0)
                        .maxOutputTokens(100)
                        .stop("END")
                        .extra("top_k", IntNode.valueOf(5))
                        .extra("min_p", IntNode.valueOf(1))
                        .build());
    }

    @Test
    void extraObjectsAreMergedMemberByMember() {
        var defaults = extra("{\"a\": {\"b\": {\"c\": 1}, \"d\": [1]}, \"e\": 1}");
        var set = extra("{\"a\": {\"b\": {\"n\": 2}, \"d\": [2]}, \"e\": {\"f\": 2}}");

        assertThat(set.orElse(defaults))
                .isEqualTo(extra("{\"a\": {\"b\": {\"c\": 1, \"n\": 2}, \"d\": [2]}, \"e\": {\"f\": 2}}"));
        assertThat(defaults).isEqualTo(extra("{\"a\": {\"b\": {\"c\": 1}, \"d\": [1]}, \"e\": 1}"));
    }

    private static ModelSettings extra(String members) {
        try {
            var builder = ModelSettings.builder();
            new ObjectMapper()
                    .readTree(members)
                    .properties()
                    .forEach(each -> builder.extra(each.getKey(), each.getValue()));
            return builder.build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(members, e);
        }
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> ModelSettings.builder().topP(0).build()).hasMessageContaining("topP is 0.0");
        assertThatThrownBy(() -> ModelSettings.builder().temperature(Double.NaN).build())
                .hasMessageContaining("temperature is NaN");
        assertThatThrownBy(() -> ModelSettings.builder().stop().build()).hasMessageContaining("stop is []");
        assertThatThrownBy(() -> new ToolChoice(ToolChoice.Mode.TOOL, null)).hasMessageContaining("give a tool's name");
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "completed, STOP",
        "end_turn, STOP",
        "STOP, STOP",
        "tool_use, TOOL_CALLS",
        "max_output_tokens, LENGTH",
        "model_length, LENGTH",
        "MAX_TOKENS, LENGTH",
        "SAFETY, CONTENT_FILTER",
        "insufficient_system_resource, ERROR",
        "content_filter: RECITATION, CONTENT_FILTER",
        "maxTokens, LENGTH",
        "endTurn, STOP",
        "tool-use, TOOL_CALLS",
        "FINISH_REASON_MAX_TOKENS, LENGTH",
        "FINISH_REASON_UNSPECIFIED, OTHER",
        "Content Filter, CONTENT_FILTER",
        "ERROR_TOXIC, CONTENT_FILTER",
        "canceled, ERROR",
        "enough, OTHER",
        "'', OTHER",
        ", OTHER"
    })
    void theProvidersWordsAreNormalised(String raw, FinishReason meant) {
        assertThat(FinishReason.of(raw)).isEqualTo(meant);
    }
}
