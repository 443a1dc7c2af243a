package dev.rein.openai;

import dev.rein.http.ModelEndpoint;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelSettings;
import dev.rein.model.Pricing;
import dev.rein.model.ToolChoice;
import dev.rein.openai.internal.RequestSettings;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The common settings of {@link OpenAIChat} and {@link OpenAIResponses}. Not thread-safe.
 *
 * @param <B> the builder's own type
 */
public abstract sealed class OpenAIBuilder<B extends OpenAIBuilder<B>>
        permits OpenAIChat.Builder, OpenAIResponses.Builder {

    private static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";
    private static final String EXAMPLE_URLS = "https://api.openai.com/v1 or http://localhost:8000/v1";

    /** Sent to servers that need no key, because some require the header nevertheless. */
    private static final String PLACEHOLDER_KEY = "none";

    private UnaryOperator<@Nullable String> environment = System::getenv;
    private @Nullable String id;
    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String organization;
    private @Nullable String project;
    private ModelSettings settings = ModelSettings.DEFAULTS;
    private final ModelEndpoint.Builder endpoint = ModelEndpoint.builder()
            .urlExample(EXAMPLE_URLS)
            .keySetting("OPENAI_API_KEY or apiKey(..)")
            .urlSetting("OPENAI_BASE_URL or baseUrl(..)");
    private final Set<String> without = new LinkedHashSet<>();
    private @Nullable ServerSettings server;
    private @Nullable ThinkTags thinkTags;

    @Nullable
    Pricing pricing;

    OpenAIBuilder() {}

    abstract B self();

    /** The server's id of the model, such as {@code gpt-4o-mini}. Required. */
    public B id(String newId) {
        if (newId.isBlank()) {
            throw new IllegalArgumentException("the model's id is blank: use one such as \"gpt-4o-mini\"");
        }
        id = newId.strip();
        return self();
    }

    /** The API key. Default: the environment variable {@code OPENAI_API_KEY}. It is never logged. */
    public B apiKey(String newKey) {
        apiKey = key(newKey, "apiKey(..)");
        return self();
    }

    /**
     * The URL of the server's API, without {@code /chat/completions} or {@code /responses}, such as {@code http://localhost:11434/v1}.
     * Default: the environment variable {@code OPENAI_BASE_URL}, or OpenAI's URL if that is not set. If a base URL but no API key is
     * configured, a placeholder is sent as the key. A query, such as {@code ?api-version=2024-10-21}, is sent with every request.
     */
    public B baseUrl(String newUrl) {
        baseUrl = newUrl;
        return self();
    }

    /** What the server expects of requests. Default: what {@link Servers#ofHost} knows of the base URL's host. */
    public B server(ServerSettings newServer) {
        server = Objects.requireNonNull(newServer, "newServer");
        return self();
    }

    /** The organization to bill. Default: the environment variable {@code OPENAI_ORG_ID}. */
    public B organization(String newOrganization) {
        organization = newOrganization;
        return self();
    }

    /** The project to bill. Default: the environment variable {@code OPENAI_PROJECT_ID}. */
    public B project(String newProject) {
        project = newProject;
        return self();
    }

    /** @param newTemperature 0 to 2; reasoning models reject requests that set it */
    public B temperature(double newTemperature) {
        return settings(ModelSettings.builder().temperature(newTemperature));
    }

    /** @param tokens maximum number of tokens in a response, including reasoning; at least 1 */
    public B maxOutputTokens(int tokens) {
        return settings(ModelSettings.builder().maxOutputTokens(tokens));
    }

    /** The effort of a reasoning model, by the provider's name: {@code minimal}, {@code low}, {@code medium}, {@code high} .. */
    public B reasoningEffort(String effort) {
        return settings(ModelSettings.builder().reasoningEffort(effort));
    }

    /** @param newTopP the share of probability that tokens are drawn from, above 0 to 1 */
    public B topP(double newTopP) {
        return settings(ModelSettings.builder().topP(newTopP));
    }

    /** For answers that can be repeated, as far as the server supports it; the responses API does not. */
    public B seed(long newSeed) {
        return settings(ModelSettings.builder().seed(newSeed));
    }

    /** Texts at which the response ends; at most 16, none empty. The responses API has none: its requests fail. */
    public B stop(String... texts) {
        return settings(ModelSettings.builder().stop(texts));
    }

    /** Whether the model calls tools; sent with requests that have tools. */
    public B toolChoice(ToolChoice choice) {
        return settings(ModelSettings.builder().toolChoice(choice));
    }

    /** Whether the model may ask for several tool calls at once; sent with requests that have tools. */
    public B parallelToolCalls(boolean allowed) {
        return settings(ModelSettings.builder().parallelToolCalls(allowed));
    }

    /**
     * A further member of the body of every request, by the server's name, such as {@code top_k}. It replaces a member that would be sent
     * otherwise.
     *
     * @param value a number, text, boolean, collection, map, {@link com.fasterxml.jackson.databind.JsonNode}, or what Jackson can write;
     *     null for a null in the body
     */
    public B extra(String name, @Nullable Object value) {
        return settings(
                ModelSettings.builder().extra(name, ProviderJson.mapper().valueToTree(value)));
    }

    /** Members that are removed from the body of every request, for servers that refuse them. */
    public B without(String... members) {
        without.addAll(List.of(members));
        return self();
    }

    /**
     * The tags around the reasoning in the text of a model whose server does not separate the two: {@link ThinkTags#THINK}, or others.
     * What is between them becomes reasoning. Default: those of the server, usually none; then everything is text.
     */
    public B thinkTags(ThinkTags tags) {
        thinkTags = Objects.requireNonNull(tags, "tags");
        return self();
    }

    /** The price of the model's tokens; by default that of the agent's table, see {@link dev.rein.model.Prices}. */
    public B pricing(Pricing newPricing) {
        pricing = Objects.requireNonNull(newPricing, "newPricing");
        return self();
    }

    /**
     * A custom HTTP client, for example with a proxy or certificates. The caller remains responsible for closing it. Requests use
     * HTTP/1.1 whatever version the client prefers, because a stop must close the connection.
     */
    public B httpClient(HttpClient newClient) {
        endpoint.httpClient(newClient);
        return self();
    }

    /** Maximum time for connecting, at most one hour; 10 s by default. Not to be combined with {@link #httpClient}. */
    public B connectTimeout(Duration timeout) {
        endpoint.connectTimeout(timeout);
        return self();
    }

    /**
     * A header to send with every request, for example to a gateway. It replaces the header of that name that would be sent otherwise,
     * including {@code Authorization}. Its value is treated as a secret.
     */
    public B header(String name, String value) {
        endpoint.header(name, value);
        return self();
    }

    /**
     * An HTTP proxy without credentials. Default: that of the system properties {@code https.proxyHost} and so on. Not to be combined with
     * {@link #httpClient}.
     */
    public B proxy(String host, int port) {
        endpoint.proxy(host, port);
        return self();
    }

    /** A parameter of the query of every request; encoded here. */
    public B query(String name, String value) {
        endpoint.query(name, value);
        return self();
    }

    /** Replaces the environment variables. For tests, which cannot set them. */
    B environment(UnaryOperator<@Nullable String> newEnvironment) {
        environment = newEnvironment;
        return self();
    }

    final String requiredId() {
        if (id == null) {
            throw new IllegalStateException("the model has no id: call id(..), for example with \"gpt-4o-mini\"");
        }
        return id;
    }

    final RequestSettings settings(
            ModelEndpoint at,
            boolean isResponsesApi,
            @Nullable String reasoningSummary,
            boolean background,
            boolean encryptedReasoning) {
        var known = server(at);
        return new RequestSettings(
                requiredId(),
                known,
                known.deployments() ? AzurePath.prefix(at.baseUrl(), requiredId(), isResponsesApi) : "",
                settings,
                Set.copyOf(without),
                reasoningSummary,
                background,
                encryptedReasoning,
                thinkTags != null ? thinkTags : known.thinkTags());
    }

    final ServerSettings server(ModelEndpoint at) {
        return server != null ? server : Servers.ofHost(at.baseUrl().getHost());
    }

    final @Nullable String reasoningEffort() {
        return settings.reasoningEffort();
    }

    private B settings(ModelSettings.Builder changed) {
        settings = changed.build().orElse(settings);
        return self();
    }

    final ModelEndpoint endpoint() {
        var url = baseUrl != null ? baseUrl : variable("OPENAI_BASE_URL");
        var key = apiKey != null ? apiKey : variable("OPENAI_API_KEY");
        if (key == null && url != null) {
            key = PLACEHOLDER_KEY;
        }
        var built = endpoint.copy().baseUrl(url == null ? DEFAULT_BASE_URL : url);
        var at = built.build();
        var known = server(at);
        if (!known.deployments() || AzurePath.hasVersion(at.baseUrl())) {
            known.query().forEach(built::queryIfAbsent);
        }
        if (key != null && !at.hasHeader("Authorization")) {
            addKey(key(key, "OPENAI_API_KEY"), known.keyHeader(), built);
        }
        headerIfAbsent(built, "OpenAI-Organization", organization != null ? organization : variable("OPENAI_ORG_ID"));
        headerIfAbsent(built, "OpenAI-Project", project != null ? project : variable("OPENAI_PROJECT_ID"));
        return built.build();
    }

    private static void addKey(String key, String header, ModelEndpoint.Builder endpoint) {
        // The access tokens of Microsoft Entra, which Azure takes in place of a key.
        var isToken = key.startsWith("eyJ") || header.equalsIgnoreCase("Authorization");
        endpoint.headerIfAbsent(isToken ? "Authorization" : header, isToken ? "Bearer " + key : key);
    }

    private static void headerIfAbsent(ModelEndpoint.Builder endpoint, String name, @Nullable String value) {
        if (value != null) {
            endpoint.headerIfAbsent(name, value);
        }
    }

    private @Nullable String variable(String name) {
        var value = environment.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Validates the key here, because the HTTP client's error message would contain it. */
    private static String key(String key, String source) {
        var stripped = key.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the API key in " + source
                    + " is blank, or contains spaces or other invalid characters: check that it was copied"
                    + " completely and correctly");
        }
        return stripped;
    }
}
