package dev.rein.openai;

import dev.rein.http.ModelBuilder;
import dev.rein.http.ModelEndpoint;
import dev.rein.model.Pricing;
import dev.rein.openai.internal.RequestSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The common settings of {@link OpenAIChat}, {@link OpenAIResponses} and {@link OpenAIEmbeddings}. Not thread-safe.
 *
 * <p>The base URL is without {@code /chat/completions} or {@code /responses}, such as {@code http://localhost:11434/v1}. Default: the
 * environment variable {@code OPENAI_BASE_URL}, or OpenAI's URL if that is not set. A query, such as {@code ?api-version=2024-10-21}, is
 * sent with every request. The default of the API key is the variable {@code OPENAI_API_KEY}; if a base URL but no key is configured, a
 * placeholder is sent. The responses API has neither {@code seed} nor {@code stop}: its requests fail.
 *
 * @param <B> the builder's own type
 */
public abstract sealed class OpenAIBuilder<B extends OpenAIBuilder<B>> extends ModelBuilder<B>
        permits OpenAIChat.Builder, OpenAIEmbeddings.Builder, OpenAIResponses.Builder {

    private static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";
    private static final String EXAMPLE_URLS = "https://api.openai.com/v1 or http://localhost:8000/v1";

    /** Sent to servers that need no key, because some require the header nevertheless. */
    private static final String PLACEHOLDER_KEY = "none";

    private @Nullable String organization;
    private @Nullable String project;
    private final Set<String> without = new LinkedHashSet<>();
    private @Nullable ServerSettings server;
    private @Nullable ThinkTags thinkTags;

    OpenAIBuilder() {
        super(
                "gpt-4o-mini",
                ModelEndpoint.builder()
                        .urlExample(EXAMPLE_URLS)
                        .keySetting("OPENAI_API_KEY or apiKey(..)")
                        .urlSetting("OPENAI_BASE_URL or baseUrl(..)"));
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

    /**
     * Members that are removed from the body of every request, for servers that refuse them.
     *
     * @param members their names; members of objects by their path, such as {@code response_format.json_schema.strict}
     */
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

    @Override
    protected B environment(UnaryOperator<@Nullable String> newEnvironment) {
        return super.environment(newEnvironment);
    }

    /** The members that are removed from the body. */
    final Set<String> removed() {
        return Set.copyOf(without);
    }

    final String modelId() {
        return requiredId();
    }

    final @Nullable Pricing price() {
        return pricing();
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
                at.server(),
                known,
                known.deployments() ? AzurePath.prefix(at.baseUrl(), requiredId(), isResponsesApi) : "",
                settings(),
                Set.copyOf(without),
                reasoningSummary,
                background,
                encryptedReasoning,
                thinkTags != null ? thinkTags : known.thinkTags());
    }

    final ServerSettings server(ModelEndpoint at) {
        return server != null ? server : Servers.ofHost(at.baseUrl().getHost());
    }

    /** What the API of the server is known to take; the builder may say more. */
    Set<String> knownFileTypes() {
        return Set.of();
    }

    final Set<String> files(ServerSettings at) {
        var takesFiles = at.equals(Servers.OPENAI)
                || at.equals(Servers.AZURE)
                || at.equals(Servers.OPENROUTER)
                || at.equals(Servers.LITELLM);
        return fileTypes(takesFiles ? knownFileTypes() : Set.of());
    }

    final @Nullable String reasoningEffort() {
        return settings().reasoningEffort();
    }

    final ModelEndpoint address() {
        var url = configuredBaseUrl() != null ? configuredBaseUrl() : variable("OPENAI_BASE_URL");
        var key = keyOrVariable("OPENAI_API_KEY");
        if (key == null && url != null) {
            key = PLACEHOLDER_KEY;
        }
        var built = endpoint().baseUrl(url == null ? DEFAULT_BASE_URL : url);
        var at = built.build();
        var known = server(at);
        if (!known.deployments() || AzurePath.hasVersion(at.baseUrl())) {
            known.query().forEach(built::queryIfAbsent);
        }
        if (key != null && !at.hasHeader("Authorization")) {
            addKey(key, known.keyHeader(), built);
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
}
