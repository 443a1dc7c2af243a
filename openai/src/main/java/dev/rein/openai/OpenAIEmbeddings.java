package dev.rein.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import dev.rein.embedding.EmbeddingModel;
import dev.rein.embedding.Embeddings;
import dev.rein.http.JsonRequest;
import dev.rein.http.ModelEndpoint;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelSettings;
import dev.rein.openai.internal.EmbeddingReader;
import dev.rein.openai.internal.RequestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model of OpenAI, or of a server compatible with its API {@code embeddings}. Vectors are read as numbers and in Base64,
 * whatever was asked for. Immutable and thread-safe.
 *
 * {@snippet :
 * var model = OpenAIEmbeddings.of("text-embedding-3-small");
 * float[] vector = model.embed("A dragon learns to code");
 * }
 */
public final class OpenAIEmbeddings implements EmbeddingModel {

    /** The forms in which a server can send vectors. */
    public enum Encoding {
        /** As numbers, which every server can. */
        FLOAT,
        /** In Base64, a third of the size. */
        BASE64
    }

    private final String id;
    private final ModelEndpoint endpoint;
    private final String path;
    private final Encoding encoding;
    private final int dimensions;
    private final int maxTexts;
    private final Duration timeout;
    private final Map<String, JsonNode> extra;
    private final Set<String> without;

    private OpenAIEmbeddings(Builder builder) {
        var server = builder.server(builder.address());
        id = builder.modelId();
        endpoint = builder.address();
        path = (server.deployments() ? AzurePath.prefix(endpoint.baseUrl(), id, false) : "") + "embeddings";
        encoding = builder.encoding != null
                ? builder.encoding
                : server.equals(Servers.OPENAI) || server.equals(Servers.AZURE) ? Encoding.BASE64 : Encoding.FLOAT;
        dimensions = builder.dimensions;
        maxTexts = builder.maxTexts;
        timeout = builder.timeout;
        extra = builder.embeddingSettings().extra();
        without = builder.removed();
    }

    /** A model whose API key and server are taken from the environment. */
    public static OpenAIEmbeddings of(String id) {
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
        return RequestSettings.PROVIDER;
    }

    @Override
    public int maxTexts() {
        return maxTexts;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public Embeddings respond(List<String> texts, Cancellation cancellation) {
        var response =
                JsonRequest.post(endpoint, path, body(texts)).timeout(timeout).read(cancellation, "data");
        return EmbeddingReader.read(response, texts.size());
    }

    private ObjectNode body(List<String> texts) {
        var body = ProviderJson.mapper().createObjectNode().put("model", id);
        var input = body.putArray("input");
        texts.forEach(input::add);
        body.put("encoding_format", encoding == Encoding.BASE64 ? "base64" : "float");
        if (dimensions > 0) {
            body.put("dimensions", dimensions);
        }
        body.setAll(extra);
        body.remove(without);
        return body;
    }

    @Override
    public String toString() {
        return "OpenAIEmbeddings[" + id + " at " + endpoint + "]";
    }

    /**
     * Builds an {@link OpenAIEmbeddings}. Of the settings of language models only {@link #extra} has a meaning; the model is not built with
     * others. Not thread-safe.
     */
    public static final class Builder extends OpenAIBuilder<Builder> {
        private static final int MAX_DIMENSIONS = 100_000;
        private static final int MOST_TEXTS = 10_000;

        private @Nullable Encoding encoding;
        private int dimensions;
        private int maxTexts = 256;
        private Duration timeout = Duration.ofMinutes(5);

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        /** The form in which the server sends vectors. Default: {@link Encoding#BASE64} for OpenAI and Azure, otherwise {@link Encoding#FLOAT}. */
        public Builder encoding(Encoding newEncoding) {
            encoding = Objects.requireNonNull(newEncoding, "newEncoding");
            return this;
        }

        /** The number of dimensions of the vectors, for models that can shorten them. Default: the model's own. */
        public Builder dimensions(int number) {
            if (number < 1 || number > MAX_DIMENSIONS) {
                throw new IllegalArgumentException(
                        "dimensions is " + number + ": it must be from 1 to " + MAX_DIMENSIONS);
            }
            dimensions = number;
            return this;
        }

        /** The maximum number of texts in one request, 1 to 10,000; 256 by default. */
        public Builder maxTexts(int number) {
            if (number < 1 || number > MOST_TEXTS) {
                throw new IllegalArgumentException("maxTexts is " + number + ": it must be from 1 to " + MOST_TEXTS);
            }
            maxTexts = number;
            return this;
        }

        /** The maximum time for one request, until its response is complete; 5 minutes by default. */
        public Builder timeout(Duration atMost) {
            if (!atMost.isPositive()) {
                throw new IllegalArgumentException("timeout is " + atMost + ": it must be positive");
            }
            timeout = atMost;
            return this;
        }

        private ModelSettings embeddingSettings() {
            var set = settings();
            var onlyExtra = ModelSettings.builder();
            set.extra().forEach(onlyExtra::extra);
            if (!set.equals(onlyExtra.build())) {
                throw new IllegalStateException(
                        "an embedding model generates nothing: of the settings only extra(..) can be set, not " + set);
            }
            return set;
        }

        /**
         * @throws IllegalArgumentException if the base URL is not an http(s) URL
         * @throws IllegalStateException if no id is set, or a setting of language models is
         */
        public OpenAIEmbeddings build() {
            return new OpenAIEmbeddings(this);
        }
    }
}
