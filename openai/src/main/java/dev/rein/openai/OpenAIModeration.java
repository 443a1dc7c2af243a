package dev.rein.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.guardrail.CheckContext;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.CheckedText;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.Verdict;
import dev.rein.http.ModelEndpoint;
import dev.rein.http.ProviderJson;
import dev.rein.http.StoppableExchange;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail that asks the moderation endpoint of OpenAI, or of a compatible server, whether a text and its images are harmful. It
 * checks the input beside the model's first request; {@link Guardrail#on} makes it check elsewhere.
 *
 * {@snippet :
 * var agent = Agent.builder().model(OpenAIChat.of("gpt-4o-mini")).guardrails(OpenAIModeration.refuse()).build();
 * }
 */
public final class OpenAIModeration {
    private static final int MAX_RESPONSE = 1 << 20;

    private final ModelEndpoint endpoint;
    private final String model;
    private final Set<String> categories;

    private OpenAIModeration(ModelEndpoint endpoint, String model, Set<String> categories) {
        this.endpoint = endpoint;
        this.model = model;
        this.categories = categories;
    }

    /** Refuses what is harmful by any category, with the server and the API key of the environment; see {@link Builder}. */
    public static Guardrail refuse() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    private Verdict check(CheckedText text, CheckContext context) throws IOException {
        if (text.text().isBlank() && text.images().isEmpty()) {
            return Verdict.pass();
        }
        var request = endpoint.request("moderations")
                .setHeader("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(text).toString()));
        JsonNode answer;
        try (var exchange = new StoppableExchange(endpoint, context.cancellation(), null)) {
            var response = exchange.send(request);
            response.throwUnlessSuccess();
            var bytes = response.body().readNBytes(MAX_RESPONSE + 1);
            if (bytes.length > MAX_RESPONSE) {
                throw new IOException(
                        "the response of the moderation endpoint has more than " + MAX_RESPONSE + " bytes");
            }
            answer = ProviderJson.mapper().readTree(bytes);
        }
        return verdict(answer);
    }

    private ObjectNode body(CheckedText text) {
        var body = ProviderJson.mapper().createObjectNode().put("model", model);
        if (text.images().isEmpty()) {
            return body.put("input", text.text());
        }
        var parts = body.putArray("input");
        if (!text.text().isBlank()) {
            parts.addObject().put("type", "text").put("text", text.text());
        }
        text.images()
                .forEach(image -> parts.addObject()
                        .put("type", "image_url")
                        .putObject("image_url")
                        .put("url", image.url()));
        return body;
    }

    private Verdict verdict(JsonNode answer) throws IOException {
        var results = answer.path("results");
        if (!results.isArray() || results.isEmpty()) {
            throw new IOException("the moderation endpoint gave no results");
        }
        var found = new ArrayList<String>();
        var flagged = false;
        for (var result : results) {
            if (!result.path("flagged").isBoolean()) {
                throw new IOException("a result of the moderation endpoint does not say whether the text is flagged");
            }
            flagged |= result.path("flagged").booleanValue();
            for (var category : result.path("categories").properties()) {
                if (category.getValue().asBoolean()
                        && (categories.isEmpty() || categories.contains(category.getKey()))) {
                    found.add(category.getKey());
                }
            }
        }
        var refused = categories.isEmpty() ? flagged : !found.isEmpty();
        return refused
                ? Verdict.refuse("it is harmful" + (found.isEmpty() ? "" : ": " + String.join(", ", found)))
                : Verdict.pass();
    }

    /**
     * Builds the guardrail. The server and the API key are, unless they are set, {@code OPENAI_BASE_URL} and {@code OPENAI_API_KEY} of
     * the environment. Not thread-safe.
     */
    public static final class Builder {
        private String model = "omni-moderation-latest";
        private @Nullable String apiKey;
        private @Nullable String baseUrl;
        private Set<String> categories = Set.of();

        private Builder() {}

        /** The moderation model; {@code omni-moderation-latest} by default. */
        public Builder model(String id) {
            model = Objects.requireNonNull(id, "id");
            return this;
        }

        public Builder apiKey(String key) {
            apiKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** The base URL without {@code /moderations}, such as {@code https://api.openai.com/v1}. */
        public Builder baseUrl(String url) {
            baseUrl = Objects.requireNonNull(url, "url");
            return this;
        }

        /** The categories that are refused, such as {@code violence} and {@code self-harm/intent}; by default all. */
        public Builder categories(String... names) {
            categories = Set.copyOf(List.of(names));
            return this;
        }

        /** @throws IllegalArgumentException if the base URL is not an http(s) URL */
        public Guardrail build() {
            var settings = OpenAIChat.builder().id(model);
            if (apiKey != null) {
                settings.apiKey(apiKey);
            }
            if (baseUrl != null) {
                settings.baseUrl(baseUrl);
            }
            var moderation = new OpenAIModeration(settings.address(), model, categories);
            return Guardrail.of("moderation", moderation::check, CheckPoint.INPUT)
                    .besideModel()
                    .wholeOutput();
        }
    }
}
