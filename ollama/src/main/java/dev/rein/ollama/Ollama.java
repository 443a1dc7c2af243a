package dev.rein.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rein.http.ModelBuilder;
import dev.rein.http.ModelEndpoint;
import dev.rein.http.StreamedRequest;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCallIds;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model of an Ollama server, called through its own API {@code /api/chat}.
 *
 * {@snippet :
 * var llama = Ollama.of("llama3.2");
 * var qwen = Ollama.builder().id("qwen3").contextLength(16_384).think(true).keepAlive(Duration.ofMinutes(30)).build();
 * }
 *
 * <p>The API has no choice of tools: {@link dev.rein.model.ToolChoice#NONE} sends no tools, and a request that requires a tool call, or
 * forbids parallel ones, is refused with {@code BAD_REQUEST}. An answer that must match a schema is enforced by the server; beside tools,
 * where the server would no longer call any, the schema becomes a part of the instructions. Images must be contained in the request.
 *
 * <p>Creating a model is cheap and sends nothing. Immutable and thread-safe.
 */
public final class Ollama implements Model {

    private static final int NOT_FOUND = 404;

    /** A server of one's own costs nothing. */
    private static final Pricing FREE = new Pricing(0, 0);

    private final String id;
    private final ModelEndpoint endpoint;
    private final ChatRequestMapper mapper;
    private final @Nullable Pricing pricing;

    private Ollama(String id, ModelEndpoint endpoint, ChatRequestMapper mapper, @Nullable Pricing pricing) {
        this.id = id;
        this.endpoint = endpoint;
        this.mapper = mapper;
        this.pricing = pricing;
    }

    /** A model of the server in {@code OLLAMA_HOST}, or of {@code http://localhost:11434}. */
    public static Ollama of(String id) {
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
        return "Ollama";
    }

    @Override
    public String server() {
        return endpoint.server();
    }

    /** That of the builder; otherwise 0, or null for Ollama's own servers. */
    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var body = mapper.map(OutgoingRequests.prepare(request, this, ToolCallIds.ANY));
        var assembler = new ChatAssembler(call);
        try {
            StreamedRequest.post(endpoint, "api/chat", body).readLines(call.cancellation(), assembler);
        } catch (ModelException e) {
            throw e.status() == NOT_FOUND && e.kind() == ModelException.Kind.NOT_FOUND ? notFound(e) : e;
        }
        return assembler.response();
    }

    private ModelException notFound(ModelException e) {
        return new ModelException(
                e.kind(),
                e.getMessage() + ". If the server does not have the model, run: ollama pull " + id,
                e.status(),
                e.body(),
                e.retryAfter(),
                e);
    }

    @Override
    public String toString() {
        return "Ollama[" + id + " at " + endpoint + "]";
    }

    /** Builds an {@link Ollama}. Not thread-safe. */
    public static final class Builder extends ModelBuilder<Builder> {

        private final Map<String, JsonNode> options = new LinkedHashMap<>();
        private @Nullable JsonNode keepAlive;
        private @Nullable JsonNode think;

        private Builder() {
            super(
                    "llama3.2",
                    ModelEndpoint.builder()
                            .urlExample(OllamaHost.DEFAULT)
                            .keySetting("OLLAMA_API_KEY or apiKey(..)")
                            .urlSetting("OLLAMA_HOST or baseUrl(..)"));
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected Builder environment(UnaryOperator<@Nullable String> newEnvironment) {
            return super.environment(newEnvironment);
        }

        /**
         * The size of the context in tokens, {@code num_ctx}. The server's default is often far less than the model has, and the server
         * silently drops the beginning of a longer conversation.
         *
         * @param tokens at least 1
         */
        public Builder contextLength(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("contextLength is " + tokens + ": it must be at least 1 token");
            }
            return option("num_ctx", tokens);
        }

        /** A numeric option of the model's runner by its name at Ollama, such as {@code top_k} or {@code repeat_penalty}. */
        public Builder option(String name, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("option " + name + " is " + value + ": it must be a finite number");
            }
            return option(name, value == Math.rint(value) ? LongNode.valueOf((long) value) : DoubleNode.valueOf(value));
        }

        /** An option of the model's runner by its name at Ollama. Settings of the same meaning, such as the temperature, replace it. */
        public Builder option(String name, JsonNode value) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the option's name is blank: use one such as \"top_k\"");
            }
            options.put(name, value);
            return this;
        }

        /**
         * How long the model stays loaded after a response; the server's default is five minutes.
         *
         * @param duration zero to unload it at once, negative to keep it
         */
        public Builder keepAlive(Duration duration) {
            keepAlive = duration.isNegative() ? LongNode.valueOf(-1) : TextNode.valueOf(duration.toMillis() + "ms");
            return this;
        }

        /**
         * Whether a thinking model thinks. Not set by default: then those that can do so think. The server refuses true for models that
         * cannot. For models with levels use {@link #reasoningEffort}, which comes before this.
         */
        public Builder think(boolean on) {
            think = BooleanNode.valueOf(on);
            return this;
        }

        /**
         * @throws IllegalArgumentException if the base URL or {@code OLLAMA_HOST} is not the address of a server
         * @throws IllegalStateException if no id is set
         */
        public Ollama build() {
            var id = requiredId();
            if (!fileTypes(Set.of()).isEmpty()) {
                throw new IllegalStateException(
                        "Ollama takes no files but images, so that files(..) cannot be set: use a model"
                                + " of another provider, or the text of the files");
            }
            var url = configuredBaseUrl() != null
                    ? OllamaHost.baseUrl(configuredBaseUrl())
                    : OllamaHost.url(variable("OLLAMA_HOST"));
            var address = endpoint().baseUrl(url);
            var key = keyOrVariable("OLLAMA_API_KEY");
            if (key != null) {
                address.headerIfAbsent("Authorization", "Bearer " + key);
            }
            var endpoint = address.build();
            var isFree = !OllamaHost.isCloud(endpoint.baseUrl());
            return new Ollama(
                    id,
                    endpoint,
                    new ChatRequestMapper(id, settings(), Map.copyOf(options), keepAlive, think),
                    pricing() != null ? pricing() : isFree ? FREE : null);
        }
    }
}
