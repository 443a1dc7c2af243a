package dev.rein.anthropic;

import dev.rein.anthropic.internal.RequestOptions;
import dev.rein.anthropic.internal.Thinking;
import dev.rein.http.ModelBuilder;
import dev.rein.http.ModelEndpoint;
import dev.rein.model.Pricing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link AnthropicMessages}. Not thread-safe.
 *
 * <p>The API key is by default the environment variable {@code ANTHROPIC_API_KEY}, and the base URL, which is that of the server without
 * {@code /v1/messages}, is {@code ANTHROPIC_BASE_URL}, or Anthropic's. If a base URL but no API key is configured, no key is sent; with a
 * header {@code Authorization} or {@code x-api-key}, no other key is. The temperature is 0 to 1, and 1 is required with thinking. The API
 * requires a limit of output tokens: by default it is 16,000, or as many as the model can generate, whichever is less; the budget of {@link
 * #thinking} is added to it, and it is 32,000 with {@link #adaptiveThinking} or an effort. Older models reject an effort.
 */
public final class AnthropicBuilder extends ModelBuilder<AnthropicBuilder> {
    private static final String DEFAULT_BASE_URL = "https://api.anthropic.com";
    private static final String URL_EXAMPLE = "https://api.anthropic.com or http://localhost:8080";
    private static final String API_VERSION = "2023-06-01";
    private static final String KEY_HEADER = "x-api-key";

    /** At the end of a path, before the query if there is one. */
    private static final Pattern VERSION = Pattern.compile("/v1/*(?=$|\\?)");

    private static final int SMALLEST_BUDGET = 1024;
    private static final Pattern WITHOUT_STRUCTURED_OUTPUT = Pattern.compile("claude-3-|claude-(opus|sonnet)-4-(0|20)");

    private final ModelEndpoint.Builder endpoint;
    private final Set<String> betas = new LinkedHashSet<>();
    private Thinking thinking = new Thinking.ProviderDefault();
    private boolean promptCaching;
    private @Nullable Boolean structuredOutput;

    AnthropicBuilder() {
        this(ModelEndpoint.builder()
                .urlExample(URL_EXAMPLE)
                .keySetting("ANTHROPIC_API_KEY or apiKey(..)")
                .urlSetting("ANTHROPIC_BASE_URL or baseUrl(..)"));
    }

    private AnthropicBuilder(ModelEndpoint.Builder endpoint) {
        super("claude-sonnet-4-5", endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected AnthropicBuilder self() {
        return this;
    }

    /** Features that are not generally available, by the names that the provider gives them; sent as {@code anthropic-beta}. */
    public AnthropicBuilder beta(String... features) {
        betas.addAll(List.of(features));
        return this;
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

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if the base URL is not an http(s) URL, or the thinking budget is not less than the limit of tokens
     * @throws IllegalStateException if no id is set, or settings exclude each other
     */
    public AnthropicMessages build() {
        return new AnthropicMessages(this);
    }

    /** For the tests of this package. */
    @Override
    protected AnthropicBuilder environment(UnaryOperator<@Nullable String> newEnvironment) {
        return super.environment(newEnvironment);
    }

    RequestOptions options() {
        var id = requiredId();
        var temperature = settings().temperature();
        if (temperature != null && temperature > 1) {
            throw new IllegalArgumentException("temperature is " + temperature + ": it must be from 0 to 1");
        }
        var limit = settings().maxOutputTokens();
        if (thinking instanceof Thinking.Budget budget && limit != null && limit <= budget.tokens()) {
            throw new IllegalArgumentException("maxOutputTokens is " + limit + " and the thinking budget "
                    + budget.tokens() + ": the budget is part of the output, so it must be less");
        }
        return new RequestOptions(
                id,
                settings(),
                thinking,
                promptCaching,
                structuredOutput != null
                        ? structuredOutput
                        : !WITHOUT_STRUCTURED_OUTPUT.matcher(id).lookingAt());
    }

    ModelEndpoint server() {
        var url = usedUrl();
        var server = endpoint()
                .baseUrl(url == null ? DEFAULT_BASE_URL : withoutVersion(url))
                .headerIfAbsent("anthropic-version", API_VERSION);
        if (!betas.isEmpty()) {
            server.headerIfAbsent("anthropic-beta", String.join(",", betas));
        }
        var key = keyOrVariable("ANTHROPIC_API_KEY");
        return key == null || hasKey(server.build())
                ? server.build()
                : server.header(KEY_HEADER, key).build();
    }

    /** Whether requests can be sent: only Anthropic's own server is known to need a key. */
    boolean isUsable(ModelEndpoint server) {
        return hasKey(server) || usedUrl() != null;
    }

    final Set<String> files() {
        return fileTypes(Set.of("application/pdf", "text/*"));
    }

    @Nullable
    Pricing price() {
        return pricing();
    }

    private static boolean hasKey(ModelEndpoint server) {
        return server.hasHeader(KEY_HEADER) || server.hasHeader("Authorization");
    }

    private @Nullable String usedUrl() {
        return configuredBaseUrl() != null ? configuredBaseUrl() : variable("ANTHROPIC_BASE_URL");
    }

    /** Without a {@code /v1} at the end of the path, with which the URLs of OpenAI's API end. */
    private static String withoutVersion(String url) {
        return VERSION.matcher(url.strip()).replaceFirst("");
    }
}
