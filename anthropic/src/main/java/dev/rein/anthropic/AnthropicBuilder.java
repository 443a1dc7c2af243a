package dev.rein.anthropic;

import dev.rein.anthropic.internal.RequestOptions;
import dev.rein.anthropic.internal.Thinking;
import dev.rein.http.ModelEndpoint;
import dev.rein.model.ModelSettings;
import dev.rein.model.Pricing;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builds an {@link AnthropicMessages}. Not thread-safe. */
public final class AnthropicBuilder {
    private static final String DEFAULT_BASE_URL = "https://api.anthropic.com";
    private static final String URL_EXAMPLE = "https://api.anthropic.com or http://localhost:8080";
    private static final String API_VERSION = "2023-06-01";
    private static final int SMALLEST_BUDGET = 1024;
    private static final Pattern WITHOUT_STRUCTURED_OUTPUT = Pattern.compile("claude-3-|claude-(opus|sonnet)-4-(0|20)");

    private final ModelEndpoint.Builder endpoint = ModelEndpoint.builder()
            .urlExample(URL_EXAMPLE)
            .keySetting("ANTHROPIC_API_KEY or apiKey(..)")
            .urlSetting("ANTHROPIC_BASE_URL or baseUrl(..)");
    private final Set<String> betas = new LinkedHashSet<>();
    private UnaryOperator<@Nullable String> environment = System::getenv;
    private @Nullable String id;
    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private boolean authorized;
    private ModelSettings settings = ModelSettings.DEFAULTS;
    private Thinking thinking = new Thinking.ProviderDefault();
    private boolean promptCaching;
    private @Nullable Boolean structuredOutput;
    private @Nullable Pricing pricing;

    AnthropicBuilder() {}

    /** The provider's id of the model, such as {@code claude-sonnet-4-5}. Required. */
    public AnthropicBuilder id(String newId) {
        if (newId.isBlank()) {
            throw new IllegalArgumentException("the model's id is blank: use one such as \"claude-sonnet-4-5\"");
        }
        id = newId.strip();
        return this;
    }

    /** The API key. Default: the environment variable {@code ANTHROPIC_API_KEY}. It is never logged. */
    public AnthropicBuilder apiKey(String newKey) {
        apiKey = key(newKey, "apiKey(..)");
        return this;
    }

    /**
     * The URL of the server without {@code /v1/messages}. Default: the environment variable {@code ANTHROPIC_BASE_URL}, or Anthropic's
     * URL if that is not set. If a base URL but no API key is configured, no key is sent.
     */
    public AnthropicBuilder baseUrl(String newUrl) {
        baseUrl = Objects.requireNonNull(newUrl, "newUrl");
        return this;
    }

    /**
     * A header of every request, for example for a gateway. It replaces the header of that name that would be sent otherwise. With {@code
     * Authorization} or {@code x-api-key}, no other API key is needed. Its value is treated as a secret.
     */
    public AnthropicBuilder header(String name, String value) {
        endpoint.header(name, value);
        authorized |= name.equalsIgnoreCase("Authorization") || name.equalsIgnoreCase("x-api-key");
        return this;
    }

    /** Features that are not generally available, by the names that the provider gives them; sent as {@code anthropic-beta}. */
    public AnthropicBuilder beta(String... features) {
        betas.addAll(List.of(features));
        return this;
    }

    /** A parameter of the query of every request. */
    public AnthropicBuilder query(String name, String value) {
        endpoint.query(name, value);
        return this;
    }

    /**
     * A custom HTTP client, for example with certificates. The caller remains responsible for closing it. Requests use HTTP/1.1 whatever
     * version the client prefers, because a stop must close the connection.
     */
    public AnthropicBuilder httpClient(HttpClient newClient) {
        endpoint.httpClient(newClient);
        return this;
    }

    /** Maximum time for connecting, at most one hour; 10 s by default. Not to be combined with {@link #httpClient}. */
    public AnthropicBuilder connectTimeout(Duration timeout) {
        endpoint.connectTimeout(timeout);
        return this;
    }

    /** An HTTP proxy without credentials. Not to be combined with {@link #httpClient}. */
    public AnthropicBuilder proxy(String host, int port) {
        endpoint.proxy(host, port);
        return this;
    }

    /** Settings of requests that do not have their own. They replace those that were set before with the same name. */
    public AnthropicBuilder settings(ModelSettings newSettings) {
        settings = newSettings.orElse(settings);
        return this;
    }

    /** @param temperature 0 to 1; 1 is required with thinking */
    public AnthropicBuilder temperature(double temperature) {
        if (!(temperature >= 0 && temperature <= 1)) {
            throw new IllegalArgumentException("temperature is " + temperature + ": it must be from 0 to 1");
        }
        return settings(ModelSettings.builder().temperature(temperature).build());
    }

    /**
     * Maximum number of tokens of a response, including thinking. The API requires a limit; by default it is 16,000, or as many as the
     * model can generate, whichever is less; the budget of {@link #thinking} is added to it, and it is 32,000 with {@link
     * #adaptiveThinking} or {@link #reasoningEffort}.
     *
     * @param tokens at least 1
     */
    public AnthropicBuilder maxOutputTokens(int tokens) {
        return settings(ModelSettings.builder().maxOutputTokens(tokens).build());
    }

    /**
     * How much work the model puts into an answer: {@code low}, {@code medium}, {@code high} .. Older models reject it.
     */
    public AnthropicBuilder reasoningEffort(String effort) {
        return settings(ModelSettings.builder().reasoningEffort(effort).build());
    }

    /**
     * Has the model think before it answers, with a budget. Newer models reject a budget, see {@link #adaptiveThinking}.
     *
     * @param budgetTokens maximum number of tokens for thinking; at least 1,024, and less than {@link #maxOutputTokens}
     */
    public AnthropicBuilder thinking(int budgetTokens) {
        if (budgetTokens < SMALLEST_BUDGET) {
            throw new IllegalArgumentException(
                    "the thinking budget is " + budgetTokens + ": it must be at least " + SMALLEST_BUDGET + " tokens");
        }
        thinking = new Thinking.Budget(budgetTokens);
        return this;
    }

    /** Has the model think before it answers, as much as it decides; {@link #reasoningEffort} guides it. For Claude 4.6 and later. */
    public AnthropicBuilder adaptiveThinking() {
        thinking = new Thinking.Adaptive();
        return this;
    }

    /**
     * Whether the provider caches the beginning of each conversation: the tools, the system prompt, and the messages so far. The next
     * request of a run then costs less and is answered sooner; writing to the cache costs more than plain input. Default: false.
     */
    public AnthropicBuilder promptCaching(boolean newCaching) {
        promptCaching = newCaching;
        return this;
    }

    /**
     * Whether the schema of a typed answer is sent as {@code output_config.format}, which the provider guarantees, or as an instruction.
     * Default: true, except for models that reject the parameter: those of Claude 3, and Claude Opus 4 and Sonnet 4.
     */
    public AnthropicBuilder structuredOutput(boolean newStructuredOutput) {
        structuredOutput = newStructuredOutput;
        return this;
    }

    /** The price of the model's tokens. Runs with a cost limit require it. */
    public AnthropicBuilder pricing(Pricing newPricing) {
        pricing = Objects.requireNonNull(newPricing, "newPricing");
        return this;
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if the base URL is not an http(s) URL, or the thinking budget is not less than the limit of tokens
     * @throws IllegalStateException if no id is set, or settings exclude each other
     */
    public AnthropicMessages build() {
        return new AnthropicMessages(this);
    }

    /** Replaces the environment variables. For tests, which cannot set them. */
    AnthropicBuilder environment(UnaryOperator<@Nullable String> newEnvironment) {
        environment = newEnvironment;
        return this;
    }

    RequestOptions options() {
        if (id == null) {
            throw new IllegalStateException("the model has no id: call id(..), for example with \"claude-sonnet-4-5\"");
        }
        var limit = settings.maxOutputTokens();
        if (thinking instanceof Thinking.Budget budget && limit != null && limit <= budget.tokens()) {
            throw new IllegalArgumentException("maxOutputTokens is " + limit + " and the thinking budget "
                    + budget.tokens() + ": the budget is part of the output, so it must be less");
        }
        return new RequestOptions(
                id,
                settings,
                thinking,
                promptCaching,
                structuredOutput != null
                        ? structuredOutput
                        : !WITHOUT_STRUCTURED_OUTPUT.matcher(id).lookingAt());
    }

    boolean hasCredentials() {
        return authorized || usedKey() != null || usedUrl() != null;
    }

    ModelEndpoint endpoint() {
        var url = usedUrl();
        var built = endpoint.copy().baseUrl(url == null ? DEFAULT_BASE_URL : withoutVersion(url));
        var key = usedKey();
        if (key != null && !authorized) {
            built.header("x-api-key", key);
        }
        if (!betas.isEmpty()) {
            built.headerIfAbsent("anthropic-beta", String.join(",", betas));
        }
        return built.headerIfAbsent("anthropic-version", API_VERSION).build();
    }

    @Nullable
    Pricing pricing() {
        return pricing;
    }

    private @Nullable String usedUrl() {
        return baseUrl != null ? baseUrl : variable("ANTHROPIC_BASE_URL");
    }

    private @Nullable String usedKey() {
        if (apiKey != null) {
            return apiKey;
        }
        var variable = variable("ANTHROPIC_API_KEY");
        return variable == null ? null : key(variable, "ANTHROPIC_API_KEY");
    }

    /** Without a {@code /v1} at the end, with which the URLs of OpenAI's API end. */
    private static String withoutVersion(String url) {
        var stripped = url.strip().replaceAll("/+$", "");
        return stripped.endsWith("/v1") ? stripped.substring(0, stripped.length() - "/v1".length()) : stripped;
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
