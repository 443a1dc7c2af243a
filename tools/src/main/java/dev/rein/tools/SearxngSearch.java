package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Searches by an instance of SearXNG that has JSON switched on. */
record SearxngSearch(WebService service, String base) implements WebSearch {
    @Override
    public List<WebResult> web(String query, int most, Cancellation cancellation) throws IOException {
        return search("general", query, cancellation)
                .limit(most)
                .map(found -> new WebResult(
                        JsonResults.text(found, "title"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found, "content")))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int most, Cancellation cancellation) throws IOException {
        return search("news", query, cancellation)
                .limit(most)
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
        var uri = URI.create(base + "/search?q=" + WebService.encoded(query) + "&format=json&categories=" + category);
        var answer = service.ask(uri, Map.of("Accept", "application/json"), cancellation);
        if (answer.statusCode() == 403) {
            throw new IOException(uri.getHost()
                    + " answered with status 403: this instance of SearXNG may have JSON switched off; add json to"
                    + " search.formats of its settings.yml");
        }
        return JsonResults.list(WebService.json(answer), uri, "results");
    }
}
