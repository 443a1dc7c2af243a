package dev.rein.http;

import dev.rein.model.ModelSettings;
import dev.rein.model.Pricing;
import dev.rein.model.ToolChoice;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the builders of models that call a server: its address, the model's id, settings and price. Not thread-safe.
 *
 * @param <B> the builder's own type
 */
public abstract class ModelBuilder<B extends ModelBuilder<B>> {

    private final String exampleId;
    private final ModelEndpoint.Builder endpoint;
    private UnaryOperator<@Nullable String> environment = System::getenv;
    private @Nullable String id;
    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private ModelSettings settings = ModelSettings.DEFAULTS;
    private @Nullable Pricing pricing;
    private @Nullable Set<String> fileTypes;

    /**
     * @param exampleId the id of a model, for error messages
     * @param endpoint what is the same for all models of the provider
     */
    protected ModelBuilder(String exampleId, ModelEndpoint.Builder endpoint) {
        this.exampleId = exampleId;
        this.endpoint = endpoint;
    }

    protected abstract B self();

    /** The server's id of the model. Required. */
    public final B id(String newId) {
        if (newId.isBlank()) {
            throw new IllegalArgumentException("the model's id is blank: use one such as \"" + exampleId + "\"");
        }
        id = newId.strip();
        return self();
    }

    /** The API key; by default from the provider's environment variable. It is never logged. */
    public final B apiKey(String newKey) {
        apiKey = validKey(newKey, "apiKey(..)");
        return self();
    }

    /** The URL of the server's API, without the path of a particular request. Checked when the model is built. */
    public final B baseUrl(String newUrl) {
        baseUrl = Objects.requireNonNull(newUrl, "newUrl");
        return self();
    }

    /**
     * A header to send with every request, for example to a gateway. It replaces the header of that name that would be sent otherwise.
     * Its value is treated as a secret.
     *
     * @throws IllegalArgumentException if the header cannot be sent
     */
    public final B header(String name, String value) {
        endpoint.header(name, value);
        return self();
    }

    /**
     * A custom HTTP client, for example with certificates. The caller remains responsible for closing it. Requests use HTTP/1.1 whatever
     * version the client prefers, because a stop must close the connection.
     */
    public final B httpClient(HttpClient newClient) {
        endpoint.httpClient(newClient);
        return self();
    }

    /** Maximum time for connecting, at most one hour; 10 s by default. Not to be combined with {@link #httpClient}. */
    public final B connectTimeout(Duration timeout) {
        endpoint.connectTimeout(timeout);
        return self();
    }

    /**
     * An HTTP proxy without credentials. Default: that of the system properties {@code https.proxyHost} and so on. Not to be combined with
     * {@link #httpClient}.
     */
    public final B proxy(String host, int port) {
        endpoint.proxy(host, port);
        return self();
    }

    /** @param newTemperature 0 to 2 */
    public final B temperature(double newTemperature) {
        return settings(ModelSettings.builder().temperature(newTemperature).build());
    }

    /** @param newTopP the share of probability that tokens are drawn from, above 0 to 1 */
    public final B topP(double newTopP) {
        return settings(ModelSettings.builder().topP(newTopP).build());
    }

    /** @param tokens maximum number of tokens in a response, including reasoning; at least 1 */
    public final B maxOutputTokens(int tokens) {
        return settings(ModelSettings.builder().maxOutputTokens(tokens).build());
    }

    /** @param newSeed for answers that can be repeated, as far as the provider supports it */
    public final B seed(long newSeed) {
        return settings(ModelSettings.builder().seed(newSeed).build());
    }

    /** Texts at which the response ends; at most 16, none empty. */
    public final B stop(String... texts) {
        return settings(ModelSettings.builder().stop(texts).build());
    }

    /** Whether the model calls tools; sent with requests that have tools. */
    public final B toolChoice(ToolChoice choice) {
        return settings(ModelSettings.builder().toolChoice(choice).build());
    }

    /** Whether the model may ask for several tool calls at once; sent with requests that have tools. */
    public final B parallelToolCalls(boolean allowed) {
        return settings(ModelSettings.builder().parallelToolCalls(allowed).build());
    }

    /**
     * A further member of the body of every request, by the server's name, such as {@code top_k}. An object is merged, member by member,
     * with one that would be sent otherwise; anything else replaces it.
     *
     * @param value a number, text, boolean, collection, map, {@link com.fasterxml.jackson.databind.JsonNode}, or what Jackson can write;
     *     null for a null in the body
     */
    public final B extra(String name, @Nullable Object value) {
        return settings(ModelSettings.builder()
                .extra(name, ProviderJson.mapper().valueToTree(value))
                .build());
    }

    /** A parameter of the query of every request; encoded here. */
    public final B query(String name, String value) {
        endpoint.query(name, value);
        return self();
    }

    /** The effort of a reasoning model, by the provider's name: {@code minimal}, {@code low}, {@code medium}, {@code high} .. */
    public final B reasoningEffort(String effort) {
        return settings(ModelSettings.builder().reasoningEffort(effort).build());
    }

    /** Settings for all requests that do not have their own. They replace those set before, except where they are null. */
    public final B settings(ModelSettings newSettings) {
        settings = newSettings.orElse(settings);
        return self();
    }

    /** The price of the model's tokens; by default that of the agent's table, see {@link dev.rein.model.Prices}. */
    public final B pricing(Pricing newPricing) {
        pricing = Objects.requireNonNull(newPricing, "newPricing");
        return self();
    }

    /**
     * The media types of the files that the model takes in its input, such as {@code application/pdf} or {@code audio/*}; without any, it
     * takes none. They replace what is known of the provider, for models and servers that take more or less.
     */
    public final B files(String... mediaTypes) {
        fileTypes = Set.of(mediaTypes);
        return self();
    }

    /** Replaces the environment variables. For tests, which cannot set them. */
    protected B environment(UnaryOperator<@Nullable String> newEnvironment) {
        environment = newEnvironment;
        return self();
    }

    protected final String requiredId() {
        if (id == null) {
            throw new IllegalStateException("the model has no id: call id(..), for example with \"" + exampleId + "\"");
        }
        return id;
    }

    /** The media types of files that were set, otherwise {@code known}. */
    protected final Set<String> fileTypes(Set<String> known) {
        return fileTypes != null ? fileTypes : known;
    }

    protected final ModelSettings settings() {
        return settings;
    }

    /** Null if none is set. */
    protected final @Nullable Pricing pricing() {
        return pricing;
    }

    /** The base URL that was set; null for none. */
    protected final @Nullable String configuredBaseUrl() {
        return baseUrl;
    }

    /** A copy of the endpoint, to which the base URL and the headers with the key are added. */
    protected final ModelEndpoint.Builder endpoint() {
        return endpoint.copy();
    }

    /** The API key that was set, or that of the first of these environment variables that is set; null for none. */
    protected final @Nullable String keyOrVariable(String... variables) {
        if (apiKey != null) {
            return apiKey;
        }
        for (var name : variables) {
            var key = variable(name);
            if (key != null) {
                return validKey(key, name);
            }
        }
        return null;
    }

    /** The value of an environment variable without white space around it; null if it is not set or blank. */
    protected final @Nullable String variable(String name) {
        var value = environment.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Validates the key here, because the HTTP client's error message would contain it. */
    private static String validKey(String key, String source) {
        var stripped = key.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the API key in " + source
                    + " is blank, or contains spaces or other invalid characters: check that it was copied"
                    + " completely and correctly");
        }
        return stripped;
    }
}
