package dev.rein.tools.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Searches with the Brave Search API. Not a record, because its string representation would contain the key. */
final class BraveSearch implements WebSearch {
    private static final int MAX_WEB_RESULTS = 20;

    private final WebService service;
    private final String base;
    private final String key;

    BraveSearch(WebService service, String base, String key) {
        this.service = service;
        this.base = base;
        this.key = key;
    }

    /** @throws IllegalArgumentException if the key is invalid; the message does not contain it */
    static String checkedKey(String key) {
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException(
                    "the key of the Brave Search API is missing or blank: get one from Brave, and check the variable"
                            + " that it is read from");
        }
        if (!key.strip().chars().allMatch(each -> each > ' ' && each < 0x7F)) {
            throw new IllegalArgumentException(
                    "the key of the Brave Search API contains an invalid character, such as a space or a line break");
        }
        return key.strip();
    }

    @Override
    public List<WebResult> web(String query, int maxResults, Cancellation cancellation) throws IOException {
        var uri = uri("/web/search", query, Math.min(maxResults, MAX_WEB_RESULTS));
        var response = get(uri, cancellation);
        // Responses without results do not have the field "web".
        if (response.path("type").asText().equals("search") && !response.has("web")) {
            return List.of();
        }
        return JsonResults.list(response, uri, "web", "results")
                .limit(maxResults)
                .map(found -> new WebResult(
                        JsonResults.textOfHtml(found, "title"),
                        JsonResults.text(found, "url"),
                        JsonResults.textOfHtml(found, "description")))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int maxResults, Cancellation cancellation) throws IOException {
        var uri = uri("/news/search", query, maxResults);
        return JsonResults.list(get(uri, cancellation), uri, "results")
                .limit(maxResults)
                .map(found -> new NewsResult(
                        JsonResults.text(found, "page_age", "age"),
                        JsonResults.textOfHtml(found, "title"),
                        JsonResults.textOfHtml(found, "description"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found.path("thumbnail"), "src"),
                        JsonResults.publisher(found)))
                .toList();
    }

    private URI uri(String path, String query, int count) {
        return URI.create(
                base + path + "?q=" + WebService.urlEncoded(query) + "&count=" + count + "&text_decorations=false");
    }

    private JsonNode get(URI uri, Cancellation cancellation) throws IOException {
        var response =
                service.get(uri, Map.of("Accept", "application/json", "X-Subscription-Token", key), cancellation);
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            throw new IOException(uri.getHost() + " rejects the key (status " + response.statusCode()
                    + "): check that it is valid and that its plan includes this kind of search");
        }
        return WebService.json(response);
    }
}
