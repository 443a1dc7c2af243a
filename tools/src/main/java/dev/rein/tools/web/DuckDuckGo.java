package dev.rein.tools.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import dev.rein.tools.internal.http.HttpText;
import dev.rein.tools.internal.http.LimitedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;

/**
 * Searches with DuckDuckGo: the web through its page for browsers without scripts, and the news through the JSON that its news page loads,
 * which requires a token ({@code vqd}) from that page.
 */
record DuckDuckGo(WebService service, String htmlBase, String newsBase) implements WebSearch {
    private static final Map<String, String> HEADERS =
            Map.of("Accept", "text/html,application/json", "Accept-Language", "en");
    private static final Pattern TOKEN = Pattern.compile("vqd=[\"']?([0-9-]+)");

    @Override
    public List<WebResult> web(String query, int maxResults, Cancellation cancellation) throws IOException {
        var uri = URI.create(htmlBase + "/html/?q=" + WebService.urlEncoded(query));
        var page = Jsoup.parse(WebService.text(get(uri, cancellation)), uri.toString());
        return DuckDuckGoPage.results(page, maxResults);
    }

    @Override
    public List<NewsResult> news(String query, int maxResults, Cancellation cancellation) throws IOException {
        var parameter = "q=" + WebService.urlEncoded(query);
        var page = URI.create(newsBase + "/?" + parameter + "&iar=news&ia=news");
        var token = TOKEN.matcher(WebService.text(get(page, cancellation)));
        if (!token.find()) {
            // DuckDuckGo blocks addresses that send a wrong token.
            throw unexpected(page, "no token for the news");
        }
        var uri = URI.create(
                newsBase + "/news.js?l=wt-wt&o=json&noamp=1&" + parameter + "&vqd=" + token.group(1) + "&p=-1");
        return JsonResults.list(WebService.json(get(uri, cancellation)), uri, "results")
                .limit(maxResults)
                .map(found -> new NewsResult(
                        date(found.path("date")),
                        JsonResults.textOfHtml(found, "title"),
                        JsonResults.textOfHtml(found, "excerpt"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found, "image"),
                        JsonResults.text(found, "source")))
                .toList();
    }

    /** The date in ISO 8601; DuckDuckGo sends seconds since 1970. */
    private static String date(JsonNode value) {
        try {
            return value.isIntegralNumber()
                    ? Instant.ofEpochSecond(value.asLong()).toString()
                    : value.asText("");
        } catch (DateTimeException outOfRange) {
            return "";
        }
    }

    private HttpResponse<LimitedBody> get(URI uri, Cancellation cancellation) throws IOException {
        var response = service.get(uri, HEADERS, cancellation);
        if (isRobotCheck(response)) {
            throw new IOException(uri.getHost()
                    + " responded with a robot check: wait before searching again, or use"
                    + " WebSearchTools.brave(key) or WebSearchTools.searxng(url)");
        }
        return response;
    }

    /** Robot checks usually have status 202. */
    private static boolean isRobotCheck(HttpResponse<LimitedBody> response) {
        if (response.statusCode() == 202 || !HttpText.type(response).startsWith("text/html")) {
            return response.statusCode() == 202;
        }
        var page = Jsoup.parse(HttpText.body(response));
        return page.selectFirst("#challenge-form, [class*=anomaly-modal], form[action*=anomaly]") != null;
    }

    static IOException unexpected(URI page, String content) {
        return new IOException(page.getHost() + " responded with a page that has " + content
                + ": the page may have changed, or another server has responded; use WebSearchTools.brave(key) or"
                + " WebSearchTools.searxng(url)");
    }
}
