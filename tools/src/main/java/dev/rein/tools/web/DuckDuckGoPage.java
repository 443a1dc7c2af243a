package dev.rein.tools.web;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Reads the results from DuckDuckGo's result page, without advertisements. */
final class DuckDuckGoPage {
    private DuckDuckGoPage() {}

    static List<WebResult> results(Document page, int maxResults) throws IOException {
        var results = new ArrayList<WebResult>();
        for (var found : page.select(".result:not(.result--ad)")) {
            if (results.size() == maxResults) {
                break;
            }
            result(found).ifPresent(results::add);
        }
        if (results.isEmpty() && page.selectFirst("#links, .no-results, .result--no-result") == null) {
            throw DuckDuckGo.unexpected(
                    URI.create(page.location()), "neither results nor a message that nothing was found");
        }
        return results;
    }

    private static Optional<WebResult> result(Element found) {
        var link = found.selectFirst("a.result__a[href]");
        if (link == null) {
            return Optional.empty();
        }
        var snippet = found.selectFirst(".result__snippet");
        return target(link.absUrl("href"))
                .map(href -> new WebResult(link.text(), href, snippet == null ? "" : snippet.text()));
    }

    /** The target of a link. Links of results go through {@code /l/?uddg=}; those of advertisements go through other pages. */
    static Optional<String> target(String link) {
        try {
            var uri = URI.create(link);
            var host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
            if (uri.getRawQuery() != null && "/l/".equals(uri.getPath())) {
                for (var pair : uri.getRawQuery().split("&")) {
                    if (pair.startsWith("uddg=")) {
                        return web(URLDecoder.decode(pair.substring("uddg=".length()), StandardCharsets.UTF_8));
                    }
                }
            }
            return host.equals("duckduckgo.com") || host.endsWith(".duckduckgo.com") ? Optional.empty() : web(link);
        } catch (IllegalArgumentException noUri) {
            return web(link);
        }
    }

    private static Optional<String> web(String url) {
        return url.startsWith("http://") || url.startsWith("https://") ? Optional.of(url) : Optional.empty();
    }
}
