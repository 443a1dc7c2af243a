package dev.rein.gemini;

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
import java.net.URI;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model of Google Gemini, called through the Gemini API.
 *
 * {@snippet :
 * var flash = Gemini.of("gemini-2.5-flash");
 * var pro = Gemini.builder().id("gemini-3-pro-preview").reasoningEffort("low").includeThoughts(true).build();
 * }
 *
 * <p>The API cannot forbid parallel tool calls: a request that does is refused with {@code BAD_REQUEST}. An answer that must match a schema
 * is enforced by the server; beside tools, which models before Gemini 3 cannot combine with it, the schema becomes a part of the
 * instructions. Addresses of images are passed on, and the server loads them.
 *
 * <p>Creating a model is cheap and sends nothing. If no API key is configured, calls fail with {@code AUTHENTICATION}. Immutable and
 * thread-safe.
 */
public final class Gemini implements Model {

    private static final String KEY_HEADER = "x-goog-api-key";
    private static final Pattern INVALID_KEY = Pattern.compile("API_KEY_INVALID|API key not valid|API key expired");

    private final String id;
    private final ModelEndpoint endpoint;
    private final GenerateContentMapper mapper;
    private final Set<String> fileTypes;
    private final @Nullable Pricing pricing;

    private Gemini(
            String id,
            ModelEndpoint endpoint,
            GenerateContentMapper mapper,
            @Nullable Pricing pricing,
            Set<String> fileTypes) {
        this.id = id;
        this.endpoint = endpoint;
        this.mapper = mapper;
        this.pricing = pricing;
        this.fileTypes = fileTypes;
    }

    /** A model whose API key is taken from the environment. */
    public static Gemini of(String id) {
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
        return "Google";
    }

    @Override
    public String server() {
        return endpoint.server();
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    /** Those of the builder, otherwise those that the API takes. */
    @Override
    public Set<String> fileTypes() {
        return fileTypes;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        if (!endpoint.hasHeader(KEY_HEADER) && !endpoint.hasHeader("Authorization")) {
            throw new ModelException(
                    ModelException.Kind.AUTHENTICATION,
                    "No API key is set: set the environment variable GEMINI_API_KEY or call apiKey(..) on the model's"
                            + " builder");
        }
        var sendable = OutgoingRequests.prepare(request, this, ToolCallIds.ANY);
        var names = new FunctionNames(sendable.tools());
        var body = mapper.map(sendable, names);
        var assembler = new ContentAssembler(call, this, names);
        try {
            StreamedRequest.post(endpoint, path() + ":streamGenerateContent?alt=sse", body)
                    .readEvents(call.cancellation(), assembler);
        } catch (ModelException e) {
            throw isInvalidKey(e) ? invalidKey(e) : e;
        }
        return assembler.response();
    }

    /** Gemini says so with status 400. */
    private static boolean isInvalidKey(ModelException e) {
        return e.kind() == ModelException.Kind.BAD_REQUEST
                && e.body() != null
                && INVALID_KEY.matcher(e.body()).find();
    }

    private static ModelException invalidKey(ModelException e) {
        return new ModelException(
                ModelException.Kind.AUTHENTICATION,
                e.getMessage() + " Check GEMINI_API_KEY, GOOGLE_API_KEY or apiKey(..)",
                e.status(),
                e.body(),
                e.retryAfter(),
                e);
    }

    private String path() {
        return id.indexOf('/') < 0 ? "models/" + id : id;
    }

    @Override
    public String toString() {
        return "Gemini[" + id + " at " + endpoint + "]";
    }

    /** Builds a {@link Gemini}. Not thread-safe. */
    public static final class Builder extends ModelBuilder<Builder> {

        private static final String SERVER = "https://generativelanguage.googleapis.com";
        private static final String VERSION = "/v1beta";
        private static final Pattern ID = Pattern.compile("[A-Za-z0-9._@-]+(/[A-Za-z0-9._@-]+)*");

        private @Nullable Integer thinkingBudget;
        private @Nullable Boolean includeThoughts;
        private @Nullable Integer topK;

        private Builder() {
            super(
                    "gemini-2.5-flash",
                    ModelEndpoint.builder()
                            .urlExample(SERVER + VERSION)
                            .keySetting("GEMINI_API_KEY, GOOGLE_API_KEY or apiKey(..)")
                            .urlSetting("GOOGLE_GEMINI_BASE_URL or baseUrl(..)"));
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
         * The number of tokens that a model of Gemini 2.5 may think. For newer models use {@link #reasoningEffort}, which comes before this;
         * with a model of Gemini 2.5 it stands for a budget.
         *
         * @param tokens 0 to turn thinking off, where the model allows it; -1 for as many as the model finds right
         */
        public Builder thinkingBudget(int tokens) {
            if (tokens < -1) {
                throw new IllegalArgumentException("thinkingBudget is " + tokens + ": it must be at least -1");
            }
            thinkingBudget = tokens;
            return this;
        }

        /** Whether the response contains summaries of the model's thoughts, as its reasoning. Models that do not think refuse it. */
        public Builder includeThoughts(boolean include) {
            includeThoughts = include;
            return this;
        }

        /** @param number how many of the likeliest tokens the next one is drawn from; at least 1 */
        public Builder topK(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("topK is " + number + ": it must be at least 1");
            }
            topK = number;
            return this;
        }

        /**
         * @throws IllegalArgumentException if the base URL is not an http(s) URL, or the id contains invalid characters
         * @throws IllegalStateException if no id is set
         */
        public Gemini build() {
            var id = requiredId();
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException(
                        "the model's id \"" + id + "\" contains invalid characters: use one such as gemini-2.5-flash");
            }
            var configured = configuredBaseUrl() != null ? configuredBaseUrl() : variable("GOOGLE_GEMINI_BASE_URL");
            var address = endpoint().baseUrl(configured == null ? SERVER + VERSION : withVersion(configured));
            // In the order of Google's own clients.
            var key = keyOrVariable("GOOGLE_API_KEY", "GEMINI_API_KEY");
            if (key != null) {
                address.headerIfAbsent(KEY_HEADER, key);
            }
            return new Gemini(
                    id,
                    address.build(),
                    new GenerateContentMapper(id, settings(), thinkingBudget, includeThoughts, topK),
                    pricing(),
                    fileTypes(Set.of("application/pdf", "audio/*", "video/*", "text/*")));
        }

        /** Adds the version to the URL of a server without a path, which is what Google's own clients are given. */
        private static String withVersion(String url) {
            try {
                var path = URI.create(url.strip()).getPath();
                return path == null || path.isEmpty() || path.equals("/")
                        ? url.strip().replaceFirst("/$", "") + VERSION
                        : url;
            } catch (IllegalArgumentException e) {
                // The endpoint refuses it with a better message.
                return url;
            }
        }
    }
}
