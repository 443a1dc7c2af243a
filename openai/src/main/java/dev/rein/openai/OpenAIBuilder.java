package dev.rein.openai;

import dev.rein.model.Pricing;
import dev.rein.openai.internal.Endpoint;
import dev.rein.openai.internal.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of {@link OpenAIChat} and {@link OpenAIResponses} have in common. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class OpenAIBuilder<B extends OpenAIBuilder<B>>
        permits OpenAIChat.Builder, OpenAIResponses.Builder {

    private static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";

    /** Servers without keys want the header all the same. */
    private static final String NO_KEY_NEEDED = "none";

    /** Far beyond what any system waits for; the client can't count much longer ones. */
    private static final Duration LONGEST_CONNECT = Duration.ofHours(1);

    private UnaryOperator<@Nullable String> environment = System::getenv;
    private @Nullable String id;
    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String organization;
    private @Nullable String project;
    private @Nullable Double temperature;
    private @Nullable Integer maxOutputTokens;
    private @Nullable String reasoningEffort;
    private @Nullable HttpClient httpClient;
    private @Nullable Duration connectTimeout;
    private final Map<String, String> headers = new LinkedHashMap<>();

    @Nullable
    Pricing pricing;

    OpenAIBuilder() {}

    abstract B self();

    /** The model's id as the server knows it, such as {@code gpt-4o-mini}. Required. */
    public B id(String newId) {
        if (newId.isBlank()) {
            throw new IllegalArgumentException("the model's id is blank: give one such as \"gpt-4o-mini\"");
        }
        id = newId.strip();
        return self();
    }

    /** The key; else the environment variable {@code OPENAI_API_KEY} is used. It is never logged. */
    public B apiKey(String newKey) {
        apiKey = key(newKey, "apiKey(..)");
        return self();
    }

    /**
     * The server's address up to and without {@code /chat/completions} or {@code /responses}, such as {@code
     * http://localhost:11434/v1}; else the environment variable {@code OPENAI_BASE_URL} is used, else OpenAI's own. With an
     * address and without a key a placeholder is sent as key.
     */
    public B baseUrl(String newUrl) {
        baseUrl = newUrl;
        return self();
    }

    /** The organization to bill; else the environment variable {@code OPENAI_ORG_ID} is used. */
    public B organization(String newOrganization) {
        organization = newOrganization;
        return self();
    }

    /** The project to bill; else the environment variable {@code OPENAI_PROJECT_ID} is used. */
    public B project(String newProject) {
        project = newProject;
        return self();
    }

    /** @param newTemperature 0 to 2; reasoning models refuse it */
    public B temperature(double newTemperature) {
        if (!(newTemperature >= 0 && newTemperature <= 2)) {
            throw new IllegalArgumentException("temperature is " + newTemperature + ": give 0 to 2");
        }
        temperature = newTemperature;
        return self();
    }

    /** @param tokens the most that one response may have, reasoning included; at least 1 */
    public B maxOutputTokens(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("maxOutputTokens is " + tokens + ": give at least 1");
        }
        maxOutputTokens = tokens;
        return self();
    }

    /** How much a reasoning model thinks, in the provider's words: {@code minimal}, {@code low}, {@code medium}, {@code high} .. */
    public B reasoningEffort(String effort) {
        reasoningEffort = Objects.requireNonNull(effort, "effort");
        return self();
    }

    /** What its tokens cost. Without this a run with a cost limit is refused. */
    public B pricing(Pricing newPricing) {
        pricing = Objects.requireNonNull(newPricing, "newPricing");
        return self();
    }

    /**
     * The caller's own client, for a proxy or certificates. It stays the caller's to close. Requests use HTTP/1.1 whatever
     * the client prefers, because a stop is to close the connection.
     */
    public B httpClient(HttpClient newClient) {
        httpClient = Objects.requireNonNull(newClient, "newClient");
        return self();
    }

    /** How long connecting may take, at most an hour; 10 s unless set. An own {@link #httpClient} brings its own. */
    public B connectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_CONNECT) > 0) {
            throw new IllegalArgumentException(
                    "connectTimeout is " + timeout + ": it must be longer than zero, and at most an hour");
        }
        connectTimeout = timeout;
        return self();
    }

    /**
     * A header to send with every request, such as a gateway's. It replaces one that would be sent anyway, {@code
     * Authorization} too. Its value is treated as a secret.
     */
    public B header(String name, String value) {
        try {
            java.net.http.HttpRequest.newBuilder().header(name, value);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message has the value.
            throw new IllegalArgumentException("header \"" + name
                    + "\" can't be sent: its name is reserved, or its name or value is no valid header");
        }
        headers.put(name, value);
        return self();
    }

    /** For tests, which can't set variables. */
    B environment(UnaryOperator<@Nullable String> newEnvironment) {
        environment = newEnvironment;
        return self();
    }

    final String requiredId() {
        if (id == null) {
            throw new IllegalStateException("no model is named: call id(..), for example with \"gpt-4o-mini\"");
        }
        return id;
    }

    final Settings settings(@Nullable String reasoningSummary, boolean background) {
        return new Settings(requiredId(), temperature, maxOutputTokens, reasoningEffort, reasoningSummary, background);
    }

    final Endpoint endpoint() {
        if (httpClient != null && connectTimeout != null) {
            throw new IllegalStateException(
                    "connectTimeout and httpClient are both set: set the connect timeout on your own HTTP client");
        }
        var url = baseUrl != null ? baseUrl : variable("OPENAI_BASE_URL");
        var key = apiKey != null ? apiKey : variable("OPENAI_API_KEY");
        if (key == null && (url != null || headers.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase))) {
            key = NO_KEY_NEEDED;
        }
        return new Endpoint(
                url == null ? URI.create(DEFAULT_BASE_URL) : BaseUrl.parse(url),
                key == null ? null : key(key, "OPENAI_API_KEY"),
                organization != null ? organization : variable("OPENAI_ORG_ID"),
                project != null ? project : variable("OPENAI_PROJECT_ID"),
                headers,
                httpClient,
                connectTimeout);
    }

    private @Nullable String variable(String name) {
        var value = environment.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Checked here, because a refusal by the HTTP client would print the key. */
    private static String key(String key, String source) {
        var stripped = key.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the key in " + source
                    + " is blank, or has spaces or characters that no key has: check how it was copied");
        }
        return stripped;
    }
}
