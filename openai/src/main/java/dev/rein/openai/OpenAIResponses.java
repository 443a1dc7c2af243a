package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import dev.rein.openai.internal.Endpoint;
import dev.rein.openai.internal.Responses;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model behind OpenAI's responses API. The whole conversation is sent each time and the provider stores nothing, so that
 * what Rein has stored is all there is; {@link Builder#background} is the exception.
 *
 * {@snippet :
 * var model = OpenAIResponses.builder().id("o4-mini").reasoningEffort("high").reasoningSummary("auto").build();
 * }
 *
 * Making one sends nothing and is cheap. Without a key the first call fails with {@code AUTHENTICATION}. Immutable and
 * thread-safe.
 */
public final class OpenAIResponses implements Model {

    private final String id;
    private final Endpoint endpoint;
    private final @Nullable Pricing pricing;
    private final Responses responses;

    private OpenAIResponses(Builder builder) {
        id = builder.requiredId();
        endpoint = builder.endpoint();
        pricing = builder.pricing;
        responses = new Responses(endpoint, builder.settings(builder.reasoningSummary, builder.background));
    }

    /** A model with key and address from the environment. */
    public static OpenAIResponses of(String id) {
        return builder().id(id).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return "OpenAI";
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        return responses.respond(request, call);
    }

    @Override
    public String toString() {
        return "OpenAIResponses[" + id + " at " + endpoint + "]";
    }

    /** Makes an {@link OpenAIResponses}. */
    public static final class Builder extends OpenAIBuilder<Builder> {

        private boolean background;
        private @Nullable String reasoningSummary;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Has the provider work in the background and store the response. A stopped run cancels it there, since closing the
         * stream alone would not stop it.
         */
        public Builder background(boolean newBackground) {
            background = newBackground;
            return this;
        }

        /** Asks for a summary of the reasoning: {@code auto}, {@code concise} or {@code detailed}. None unless set. */
        public Builder reasoningSummary(String summary) {
            reasoningSummary = Objects.requireNonNull(summary, "summary");
            return this;
        }

        /**
         * @throws IllegalArgumentException if the base URL is no http(s) URL
         * @throws IllegalStateException if no id was given
         */
        public OpenAIResponses build() {
            return new OpenAIResponses(this);
        }
    }
}
