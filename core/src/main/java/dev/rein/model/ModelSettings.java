package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a request to a model. Null means: as the model was built, and if that sets none, the provider's default. Immutable.
 *
 * @param temperature 0 to 2; reasoning models reject requests that set it
 * @param topP the share of probability that tokens are drawn from, above 0 to 1
 * @param maxOutputTokens maximum number of tokens in a response, including reasoning; at least 1
 * @param seed for answers that can be repeated, as far as the provider supports it
 * @param stop texts at which the response ends; at most 16, none empty
 * @param toolChoice whether the model calls tools
 * @param parallelToolCalls whether the model may ask for several calls at once
 * @param reasoningEffort the effort of a reasoning model, by the provider's name: {@code minimal}, {@code low}, {@code medium}, {@code high} ..
 * @param extra further members of the request's body by name, as the provider calls them. An object is merged, member by member, with
 *     the one that the model would send; anything else replaces what the model would send
 */
public record ModelSettings(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer maxOutputTokens,
        @Nullable Long seed,
        @Nullable List<String> stop,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable String reasoningEffort,
        Map<String, JsonNode> extra) {

    /** No setting: everything as the model was built. */
    public static final ModelSettings DEFAULTS = builder().build();

    private static final int MOST_STOPS = 16;

    public ModelSettings {
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature is " + temperature + ": it must be from 0 to 2");
        }
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP is " + topP + ": it must be above 0 and at most 1");
        }
        if (maxOutputTokens != null && maxOutputTokens < 1) {
            throw new IllegalArgumentException("maxOutputTokens is " + maxOutputTokens + ": it must be at least 1");
        }
        if (stop != null) {
            stop = List.copyOf(stop);
            if (stop.isEmpty() || stop.size() > MOST_STOPS || stop.contains("")) {
                throw new IllegalArgumentException(
                        "stop is " + stop + ": give 1 to " + MOST_STOPS + " texts, none of them empty");
            }
        }
        if (reasoningEffort != null && reasoningEffort.isBlank()) {
            throw new IllegalArgumentException("reasoningEffort is blank: use the provider's name, such as \"low\"");
        }
        extra = Map.copyOf(extra);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** These settings, and where they are null those of {@code defaults}; the extra members of both, of which objects are merged. */
    public ModelSettings orElse(ModelSettings defaults) {
        if (equals(DEFAULTS)) {
            return defaults;
        }
        if (defaults.equals(DEFAULTS)) {
            return this;
        }
        var both = new LinkedHashMap<>(defaults.extra);
        extra.forEach((name, value) -> both.merge(name, value, ModelSettings::merged));
        return new ModelSettings(
                temperature != null ? temperature : defaults.temperature,
                topP != null ? topP : defaults.topP,
                maxOutputTokens != null ? maxOutputTokens : defaults.maxOutputTokens,
                seed != null ? seed : defaults.seed,
                stop != null ? stop : defaults.stop,
                toolChoice != null ? toolChoice : defaults.toolChoice,
                parallelToolCalls != null ? parallelToolCalls : defaults.parallelToolCalls,
                reasoningEffort != null ? reasoningEffort : defaults.reasoningEffort,
                both);
    }

    private static JsonNode merged(JsonNode before, JsonNode added) {
        if (!(before instanceof ObjectNode present) || !(added instanceof ObjectNode members)) {
            return added;
        }
        var merged = present.objectNode();
        merged.setAll(present);
        members.properties().forEach(member -> {
            var known = merged.get(member.getKey());
            merged.set(member.getKey(), known == null ? member.getValue() : merged(known, member.getValue()));
        });
        return merged;
    }

    /** Builds {@link ModelSettings}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer maxOutputTokens;
        private @Nullable Long seed;
        private @Nullable List<String> stop;
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable String reasoningEffort;
        private final Map<String, JsonNode> extra = new LinkedHashMap<>();

        private Builder() {}

        /** 0 to 2; reasoning models reject requests that set it. */
        public Builder temperature(double newTemperature) {
            temperature = newTemperature;
            return this;
        }

        /** The share of probability that tokens are drawn from, above 0 to 1. */
        public Builder topP(double newTopP) {
            topP = newTopP;
            return this;
        }

        /** Maximum number of tokens in a response, including reasoning; at least 1. */
        public Builder maxOutputTokens(int newMaxOutputTokens) {
            maxOutputTokens = newMaxOutputTokens;
            return this;
        }

        /** For answers that can be repeated, as far as the provider supports it. */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /** Texts at which the response ends; at most 16, none empty. */
        public Builder stop(String... texts) {
            stop = List.of(texts);
            return this;
        }

        /** Whether the model calls tools. */
        public Builder toolChoice(ToolChoice newToolChoice) {
            toolChoice = Objects.requireNonNull(newToolChoice, "newToolChoice");
            return this;
        }

        /** Whether the model may ask for several calls at once. */
        public Builder parallelToolCalls(boolean newParallelToolCalls) {
            parallelToolCalls = newParallelToolCalls;
            return this;
        }

        /** The effort of a reasoning model, by the provider's name: {@code minimal}, {@code low}, {@code medium}, {@code high} .. */
        public Builder reasoningEffort(String newReasoningEffort) {
            reasoningEffort = Objects.requireNonNull(newReasoningEffort, "newReasoningEffort");
            return this;
        }

        /** A further member of the request's body, by the provider's name; it replaces one that the model would send. */
        public Builder extra(String name, JsonNode value) {
            extra.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of its bounds */
        public ModelSettings build() {
            return new ModelSettings(
                    temperature,
                    topP,
                    maxOutputTokens,
                    seed,
                    stop,
                    toolChoice,
                    parallelToolCalls,
                    reasoningEffort,
                    extra);
        }
    }
}
