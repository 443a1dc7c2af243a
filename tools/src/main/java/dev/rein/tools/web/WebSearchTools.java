package dev.rein.tools.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tools that search the web and the news. They return JSON. A stop closes the connection at once. Thread-safe.
 *
 * <p>By default they use DuckDuckGo, which needs no key: for the web its result page for browsers without scripts ({@code
 * html.duckduckgo.com/html/}), and for the news the JSON that its own news page loads ({@code duckduckgo.com/news.js}), which takes two
 * requests. Neither is a documented API: they may change, and DuckDuckGo responds to frequent searches with a robot check, which the tools
 * report as an error. Except for demos, use {@link #brave} or {@link #searxng}.
 */
public final class WebSearchTools {
    private static final int MAX_QUERY = 400;

    private final WebSearch search;

    private WebSearchTools(WebSearch search) {
        this.search = search;
    }

    /** The tools with the default settings: DuckDuckGo; timeouts of 20 s for a request and 10 s for connecting. */
    public WebSearchTools() {
        this(new Builder().search());
    }

    /**
     * Tools that use the <a href="https://api-dashboard.search.brave.com/app/documentation">Brave Search API</a>, which returns at most 20
     * web pages and 50 news articles.
     *
     * @throws IllegalArgumentException if the key is blank or contains invalid characters
     */
    public static WebSearchTools brave(String key) {
        return builder().brave(key).build();
    }

    /**
     * Tools that use an instance of <a href="https://docs.searxng.org/dev/search_api.html">SearXNG</a>, whose settings must include
     * {@code json} in {@code search.formats}.
     *
     * @param url of the instance, such as {@code http://localhost:8080}
     * @throws IllegalArgumentException if it is not an http or https URL
     */
    public static WebSearchTools searxng(String url) {
        return builder().searxng(url).build();
    }

    /** Tools that make no requests and return a few invented results, each with a {@code note} that says so. */
    public static WebSearchTools offline() {
        return new WebSearchTools(OfflineSamples.load());
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Searches the web. Returns a JSON array of objects with {@code title}, {@code href} and {@code body}, which is empty if nothing is
     * found.
     *
     * @param max_results 1 to 50, default 5; only the first result page is requested, which may have fewer
     * @throws IOException if the service cannot be reached or its response is invalid; the message is written for the model
     */
    @Tool(
            name = "web_search",
            value = "Searches the web and returns the results as JSON: title, href and body of each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String webSearch(
            @Param("What to search for") String query,
            @Param("Maximum number of results, 1 to 50; default 5") Optional<Integer> max_results,
            RunContext context)
            throws IOException {
        return json(search.web(checked(query), ResultCount.of("max_results", max_results, 5), context.cancellation()));
    }

    /**
     * Searches the news. Returns a JSON array of objects with {@code date}, {@code title}, {@code body}, {@code url}, {@code image} and
     * {@code source}, which is empty if nothing is found. Values that the service does not provide are empty strings.
     *
     * @param max_results 1 to 50, default 5; only the first result page is requested, which may have fewer
     * @throws IOException if the service cannot be reached or its response is invalid; the message is written for the model
     */
    @Tool(
            name = "search_news",
            value = "Searches the news and returns the results as JSON: date, title, body, url, image and source of"
                    + " each.")
    @SuppressWarnings("MemberName") // The model sees the parameter's name.
    public String searchNews(
            @Param("What to search for") String query,
            @Param("Maximum number of results, 1 to 50; default 5") Optional<Integer> max_results,
            RunContext context)
            throws IOException {
        return json(search.news(checked(query), ResultCount.of("max_results", max_results, 5), context.cancellation()));
    }

    private static String checked(String query) {
        if (query.isBlank()) {
            throw new ToolArgumentException("\"query\" is blank: use words to search for");
        }
        if (query.length() > MAX_QUERY) {
            throw new ToolArgumentException("\"query\" has " + query.length() + " characters: use the most important"
                    + " words, at most " + MAX_QUERY + " characters");
        }
        return query.strip();
    }

    private static String json(Object value) throws JsonProcessingException {
        return WebService.JSON.writeValueAsString(value);
    }

    /** Builds {@link WebSearchTools}, which use DuckDuckGo unless another service is set. Not thread-safe. */
    public static final class Builder extends ServiceBuilder<Builder> {
        private Function<Builder, WebSearch> service = Builder::duckDuckGo;

        private Builder() {}

        /** See {@link WebSearchTools#brave}. */
        public Builder brave(String key) {
            var checked = BraveSearch.checkedKey(key);
            service = builder -> new BraveSearch(
                    builder.service(), builder.baseUrlOr("https://api.search.brave.com/res/v1"), checked);
            return this;
        }

        /** See {@link WebSearchTools#searxng}. */
        public Builder searxng(String url) {
            var checked = checked(url);
            service = builder -> new SearxngSearch(builder.service(), builder.baseUrlOr(checked));
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        private WebSearch duckDuckGo() {
            return new DuckDuckGo(
                    service(), baseUrlOr("https://html.duckduckgo.com"), baseUrlOr("https://duckduckgo.com"));
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
