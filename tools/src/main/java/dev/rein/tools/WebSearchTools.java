package dev.rein.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tools that search the web and the news. They answer with JSON. A stop closes the connection at once. Thread-safe.
 *
 * <p>By default they ask DuckDuckGo, which needs no key: its page of results for browsers without scripts ({@code
 * html.duckduckgo.com/html/}), and, because that has no news, for these the JSON that its own news page loads ({@code
 * duckduckgo.com/news.js}), in two requests. Neither is a documented interface: they may change, and DuckDuckGo answers one
 * who searches often with a check for robots, which is an error that says so. For more than a demo use {@link #brave} or
 * {@link #searxng}.
 */
public final class WebSearchTools {
    private static final int LONGEST_QUERY = 400;

    private final WebSearch search;

    private WebSearchTools(WebSearch search) {
        this.search = search;
    }

    /** The tools with their defaults: DuckDuckGo, 20 s for a request, 10 s of it for the connection. */
    public WebSearchTools() {
        this(new Builder().search());
    }

    /**
     * Searches by the <a href="https://api-dashboard.search.brave.com/app/documentation">Brave Search API</a>, which gives 20
     * pages at most, and 50 pieces of news.
     *
     * @throws IllegalArgumentException if the key is blank or can't be one
     */
    public static WebSearchTools brave(String key) {
        return builder().brave(key).build();
    }

    /**
     * Searches by an instance of <a href="https://docs.searxng.org/dev/search_api.html">SearXNG</a>, which needs {@code json}
     * among the {@code search.formats} of its settings.
     *
     * @param url of the instance, such as {@code http://localhost:8080}
     * @throws IllegalArgumentException if it is no http or https URL
     */
    public static WebSearchTools searxng(String url) {
        return builder().searxng(url).build();
    }

    /** Tools that make no request and answer from a few made-up samples; a {@code note} in each result says so. */
    public static WebSearchTools offline() {
        return new WebSearchTools(OfflineSamples.load());
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Searches the web: a JSON list of objects with {@code title}, {@code href} and {@code body}, empty when nothing is found.
     *
     * @param max_results 1 to 50; 5 unless given; the service may have fewer on its first page, which is the only one asked
     * @throws IOException if the service can't be asked or answers with something else; the message is for the model
     */
    @Tool(
            name = "web_search",
            value = "Searches the web and returns the results as JSON: title, href and body of each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String webSearch(
            @Param("What to search for") String query,
            @Param("How many results at most, 1 to 50; 5 unless given") Optional<Integer> max_results,
            RunContext context)
            throws IOException {
        return json(search.web(checked(query), ResultCount.of("max_results", max_results, 5), context.cancellation()));
    }

    /**
     * Searches the news: a JSON list of objects with {@code date}, {@code title}, {@code body}, {@code url}, {@code image} and
     * {@code source}, empty texts where the service does not tell; an empty list when nothing is found.
     *
     * @param max_results 1 to 50; 5 unless given; the service may have fewer on its first page, which is the only one asked
     * @throws IOException if the service can't be asked or answers with something else; the message is for the model
     */
    @Tool(
            name = "search_news",
            value =
                    "Searches the news and returns the results as JSON: date, title, body, url, image and source of each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String searchNews(
            @Param("What to search for") String query,
            @Param("How many results at most, 1 to 50; 5 unless given") Optional<Integer> max_results,
            RunContext context)
            throws IOException {
        return json(search.news(checked(query), ResultCount.of("max_results", max_results, 5), context.cancellation()));
    }

    private static String checked(String query) {
        if (query.isBlank()) {
            throw new ToolArgumentException("\"query\" is blank: give words to search for");
        }
        if (query.length() > LONGEST_QUERY) {
            throw new ToolArgumentException("\"query\" has " + query.length() + " characters: give at most "
                    + LONGEST_QUERY + ", the words that matter");
        }
        return query.strip();
    }

    private static String json(Object value) throws JsonProcessingException {
        return WebService.JSON.writeValueAsString(value);
    }

    /** Builds {@link WebSearchTools}; DuckDuckGo is asked unless another service is given. Not thread-safe. */
    public static final class Builder extends ServiceBuilder<Builder> {
        private Function<Builder, WebSearch> service = Builder::duckDuckGo;

        private Builder() {}

        /** See {@link WebSearchTools#brave}. */
        public Builder brave(String key) {
            var checked = BraveSearch.checkedKey(key);
            service = builder ->
                    new BraveSearch(builder.service(), builder.base("https://api.search.brave.com/res/v1"), checked);
            return this;
        }

        /** See {@link WebSearchTools#searxng}. */
        public Builder searxng(String url) {
            var checked = checked(url);
            service = builder -> new SearxngSearch(builder.service(), builder.base(checked));
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        private WebSearch duckDuckGo() {
            return new DuckDuckGo(service(), base("https://html.duckduckgo.com"), base("https://duckduckgo.com"));
        }

        private WebService service() {
            return service("WebSearchTools.offline()");
        }

        private WebSearch search() {
            return service.apply(this);
        }

        public WebSearchTools build() {
            return new WebSearchTools(search());
        }
    }
}
