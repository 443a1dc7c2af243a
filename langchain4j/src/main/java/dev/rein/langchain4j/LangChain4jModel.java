package dev.rein.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCallIds;
import dev.rein.model.Usage;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model of LangChain4j as a model of Rein. Prefer a {@link StreamingChatModel}: a {@link ChatModel} delivers its answer as a
 * whole, and a stop can only interrupt its thread. Build it with a {@link ReinHttpClientBuilder}, so that a stop closes its connection
 * at every point, and with {@code maxRetries(0)}, because retries are Rein's.
 *
 * {@snippet :
 * var model = LangChain4jModel.of(OpenAiStreamingChatModel.builder()
 *         .httpClientBuilder(new ReinHttpClientBuilder())
 *         .apiKey(key)
 *         .modelName("gpt-4o-mini")
 *         .build());
 * }
 *
 * <p>Immutable and thread-safe, as far as the model of LangChain4j is.
 */
public final class LangChain4jModel implements Model {
    private final Backend backend;
    private final String id;
    private final String provider;
    private final String name;
    private final @Nullable Pricing pricing;
    private final ToolCallIds toolCallIds;
    private final Set<String> fileTypes;
    private final RequestMapper requests;
    private final ResponseMapper responses;

    private LangChain4jModel(Builder builder) {
        backend = builder.backend;
        id = builder.id;
        provider = builder.provider;
        name = builder.name;
        pricing = builder.pricing;
        toolCallIds = builder.toolCallIds;
        fileTypes = builder.fileTypes;
        requests = new RequestMapper(builder.parameters);
        responses = new ResponseMapper(this, builder.usage);
    }

    /** A model that answers as a whole. */
    public static LangChain4jModel of(ChatModel model) {
        return builder(model).build();
    }

    /** A model that streams. */
    public static LangChain4jModel of(StreamingChatModel model) {
        return builder(model).build();
    }

    /** A builder for a model that answers as a whole. */
    public static Builder builder(ChatModel model) {
        return new Builder(
                (request, call) -> model.chat(request),
                model,
                model.provider().name(),
                model.defaultRequestParameters());
    }

    /** A builder for a model that streams. */
    public static Builder builder(StreamingChatModel model) {
        return new Builder(
                (request, call) -> StreamedAnswer.of(model, request, call),
                model,
                model.provider().name(),
                model.defaultRequestParameters());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return provider;
    }

    /** The name of LangChain4j's class, such as {@code OpenAiChatModel}. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    /** Those of the builder. */
    @Override
    public Set<String> fileTypes() {
        return fileTypes;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var cancellation = call.cancellation();
        cancellation.throwIfCancelled();
        var sent = requests.map(OutgoingRequests.prepare(request, this, toolCallIds));
        var delivered = new DeliveredText(call);
        try {
            var response = ScopedValue.where(ReinHttpClient.CANCELLATION, cancellation)
                    .call(() -> backend.respond(sent, delivered));
            cancellation.throwIfCancelled();
            return responses.map(response, delivered);
        } catch (RuntimeException e) {
            // After a stop, errors of the closed connection are irrelevant.
            cancellation.throwIfCancelled();
            throw Failures.of(e, this);
        }
    }

    @Override
    public String toString() {
        return name + "(" + id + ")";
    }

    /** How a model of LangChain4j is asked. */
    @FunctionalInterface
    interface Backend {
        dev.langchain4j.model.chat.response.ChatResponse respond(
                dev.langchain4j.model.chat.request.ChatRequest request, DeliveredText call);
    }

    /** Builds {@link LangChain4jModel}. Not thread-safe. */
    public static final class Builder {
        private final Backend backend;
        private final String name;
        private String id;
        private String provider;
        private @Nullable Pricing pricing;
        private ToolCallIds toolCallIds = ToolCallIds.UP_TO_40;
        private Set<String> fileTypes = Set.of();
        private @Nullable BiFunction<ChatRequestParameters, ModelSettings, ChatRequestParameters> parameters;
        private Function<TokenUsage, Usage> usage = ResponseMapper::usage;

        private Builder(
                Backend newBackend, Object model, String newProvider, @Nullable ChatRequestParameters defaults) {
            backend = newBackend;
            var simpleName = model.getClass().getSimpleName();
            name = simpleName.isEmpty() ? "LangChain4jModel" : simpleName;
            provider = newProvider;
            id = defaults == null || defaults.modelName() == null ? name : defaults.modelName();
        }

        /** The id of the model, by which its price is found; by default the model's own, or the name of its class if it tells none. */
        public Builder id(String newId) {
            id = Objects.requireNonNull(newId, "newId");
            return this;
        }

        /** The name of the provider; by default that of LangChain4j, such as {@code OPEN_AI}. */
        public Builder provider(String newProvider) {
            provider = Objects.requireNonNull(newProvider, "newProvider");
            return this;
        }

        /** The price of the model; by default that of the agent's table. */
        public Builder pricing(Pricing newPricing) {
            pricing = Objects.requireNonNull(newPricing, "newPricing");
            return this;
        }

        /**
         * The media types of the files that the model takes, such as {@code application/pdf} or {@code audio/*}; none by default, because
         * LangChain4j does not tell. Documents are sent as its content for PDF.
         */
        public Builder files(String... mediaTypes) {
            fileTypes = Set.of(mediaTypes);
            return this;
        }

        /** The ids of tool calls that the provider accepts; {@link ToolCallIds#UP_TO_40} by default. */
        public Builder toolCallIds(ToolCallIds form) {
            toolCallIds = Objects.requireNonNull(form, "form");
            return this;
        }

        /**
         * A function that completes the parameters of each request, such as with those that only one provider has. It gets the common
         * parameters and the settings of the request. Without it, settings that LangChain4j has no common parameter for (seed, parallel
         * tool calls, reasoning effort, further members of the body) are refused.
         *
         * {@snippet :
         * .parameters((common, settings) -> OpenAiChatRequestParameters.builder()
         *         .overrideWith(common)
         *         .reasoningEffort(settings.reasoningEffort())
         *         .build())
         * }
         */
        public Builder parameters(BiFunction<ChatRequestParameters, ModelSettings, ChatRequestParameters> function) {
            parameters = Objects.requireNonNull(function, "function");
            return this;
        }

        /**
         * A function that reads the tokens of a response, for a provider that counts those of the reasoning and of its cache. By default
         * those of input and output are read, which all providers have.
         */
        public Builder usage(Function<TokenUsage, Usage> function) {
            usage = Objects.requireNonNull(function, "function");
            return this;
        }

        public LangChain4jModel build() {
            return new LangChain4jModel(this);
        }
    }
}
