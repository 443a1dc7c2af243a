package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
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
 * Searches by DuckDuckGo's pages for browsers without scripts, and its news by the JSON that its own page loads, which needs
 * a token ({@code vqd}) from that page.
 */
record DuckDuckGo(WebService service, String htmlBase, String newsBase) implements WebSearch {
    private static final Map<String, String> HEADERS =
            Map.of("Accept", "text/html,application/json", "Accept-Language", "en");
    private static final Pattern TOKEN = Pattern.compile("vqd=[\"']?([0-9-]+)");

    @Override
    public List<WebResult> web(String query, int most, Cancellation cancellation) throws IOException {
        var uri = URI.create(htmlBase + "/html/?q=" + WebService.encoded(query));
        var page = Jsoup.parse(WebService.text(ask(uri, cancellation)), uri.toString());
        return DuckDuckGoPage.results(page, most);
    }

    @Override
    public List<NewsResult> news(String query, int most, Cancellation cancellation) throws IOException {
        var words = "q=" + WebService.encoded(query);
        var page = URI.create(newsBase + "/?" + words + "&iar=news&ia=news");
        var token = TOKEN.matcher(WebService.text(ask(page, cancellation)));
        if (!token.find()) {
            // A request with a wrong token would have it block this address.
            throw unexpected(page, "no token for its news");
        }
        var uri =
                URI.create(newsBase + "/news.js?l=wt-wt&o=json&noamp=1&" + words + "&vqd=" + token.group(1) + "&p=-1");
        return JsonResults.list(WebService.json(ask(uri, cancellation)), uri, "results")
                .limit(most)
                .map(found -> new NewsResult(
                        date(found.path("date")),
                        JsonResults.plain(found, "title"),
                        JsonResults.plain(found, "excerpt"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found, "image"),
                        JsonResults.text(found, "source")))
                .toList();
    }

    /** It tells seconds since 1970. */
    private static String date(JsonNode told) {
        try {
            return told.isIntegralNumber()
                    ? Instant.ofEpochSecond(told.asLong()).toString()
                    : told.asText("");
        } catch (DateTimeException outOfRange) {
            return "";
        }
    }

    private HttpResponse<LimitedBody> ask(URI uri, Cancellation cancellation) throws IOException {
        var answer = service.ask(uri, HEADERS, cancellation);
        if (isRobotCheck(answer)) {
            throw new IOException(uri.getHost()
                    + " answers with a check for robots: wait before searching again, or search by"
                    + " WebSearchTools.brave(key) or WebSearchTools.searxng(url)");
        }
        return answer;
    }

    /** Its check comes with the status 202 at most times. */
    private static boolean isRobotCheck(HttpResponse<LimitedBody> answer) {
        if (answer.statusCode() == 202 || !HttpText.type(answer).startsWith("text/html")) {
            return answer.statusCode() == 202;
        }
        var page = Jsoup.parse(HttpText.body(answer));
        return page.selectFirst("#challenge-form, [class*=anomaly-modal], form[action*=anomaly]") != null;
    }

    static IOException unexpected(URI page, String what) {
        return new IOException(page.getHost() + " answered with a page that has " + what
                + ": it may have changed, or what answers is not it; search by WebSearchTools.brave(key) or"
                + " WebSearchTools.searxng(url)");
    }
}
