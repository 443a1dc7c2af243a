package dev.rein.openai;

import dev.rein.openai.internal.ResponsesApi;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model that is called through OpenAI's responses API. Every request contains the whole conversation, and the provider is asked
 * to store nothing, so that the session in Rein's store is the only copy; {@link Builder#background} is the exception.
 *
 * {@snippet :
 * var model = OpenAIResponses.builder().id("o4-mini").reasoningEffort("high").reasoningSummary("auto").build();
 * }
 *
 * Creating a model is cheap and sends nothing. If no API key is configured, calls fail with {@code AUTHENTICATION}. Immutable
 * and thread-safe.
 */
public final class OpenAIResponses extends OpenAIModel {

    private static final Pattern REASONING_MODEL =
            Pattern.compile("o[1-9](-|$)|codex|gpt-([5-9]|[1-9][0-9])(?!.*chat)", Pattern.CASE_INSENSITIVE);

    private OpenAIResponses(Builder builder) {
        super(
                builder,
                endpoint -> new ResponsesApi(
                        endpoint,
                        builder.settings(
                                endpoint,
                                true,
                                builder.reasoningSummary,
                                builder.background,
                                builder.returnsReasoning())));
    }

    /** A model whose API key and server are taken from the environment. */
    public static OpenAIResponses of(String id) {
        return builder().id(id).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link OpenAIResponses}. */
    public static final class Builder extends OpenAIBuilder<Builder> {

        private boolean background;
        private @Nullable String reasoningSummary;
        private @Nullable Boolean returnReasoning;

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        Set<String> knownFileTypes() {
            return Set.of("application/pdf");
        }

        /**
         * Has the provider generate in the background and store the response. Closing the stream does not stop such a response, so
         * a stopped run also sends a request that cancels it.
         */
        public Builder background(boolean newBackground) {
            background = newBackground;
            return this;
        }

        /** Requests a summary of the reasoning: {@code auto}, {@code concise} or {@code detailed}. None by default. */
        public Builder reasoningSummary(String summary) {
            reasoningSummary = Objects.requireNonNull(summary, "summary");
            return this;
        }

        /**
         * Whether to ask the provider for its reasoning in an encrypted form, which is stored with the conversation and sent back, so that
         * the model continues to think where it was. Default: true for reasoning models, which are those with a reasoning effort or summary,
         * and those whose id says so. Other models refuse such requests. Has no effect in the background, where the provider stores it.
         */
        public Builder returnReasoning(boolean returned) {
            returnReasoning = returned;
            return this;
        }

        private boolean returnsReasoning() {
            if (background) {
                return false;
            }
            return returnReasoning != null
                    ? returnReasoning
                    : reasoningEffort() != null
                            || reasoningSummary != null
                            || REASONING_MODEL.matcher(requiredId()).lookingAt();
        }

        /**
         * @throws IllegalArgumentException if the base URL is not an http(s) URL
         * @throws IllegalStateException if no id is set
         */
        public OpenAIResponses build() {
            return new OpenAIResponses(this);
        }
    }
}
