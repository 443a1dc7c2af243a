package dev.rein.tools.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Searches with an instance of SearXNG that has JSON enabled. */
record SearxngSearch(WebService service, String base) implements WebSearch {
    @Override
    public List<WebResult> web(String query, int maxResults, Cancellation cancellation) throws IOException {
        return search("general", query, cancellation)
                .limit(maxResults)
                .map(found -> new WebResult(
                        JsonResults.text(found, "title"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found, "content")))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int maxResults, Cancellation cancellation) throws IOException {
        return search("news", query, cancellation)
                .limit(maxResults)
                .map(found -> new NewsResult(
                        JsonResults.text(found, "publishedDate"),
                        JsonResults.text(found, "title"),
                        JsonResults.text(found, "content"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found, "img_src", "thumbnail"),
                        JsonResults.publisher(found)))
                .toList();
    }

    private Stream<JsonNode> search(String category, String query, Cancellation cancellation) throws IOException {
        var uri =
                URI.create(base + "/search?q=" + WebService.urlEncoded(query) + "&format=json&categories=" + category);
        var response = service.get(uri, Map.of("Accept", "application/json"), cancellation);
        if (response.statusCode() == 403) {
            throw new IOException(uri.getHost()
                    + " responded with status 403: JSON may be disabled in this instance of SearXNG; add json to"
                    + " search.formats in its settings.yml");
        }
        return JsonResults.list(WebService.json(response), uri, "results");
    }
}
