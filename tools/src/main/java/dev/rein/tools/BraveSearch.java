package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Searches by the Brave Search API. No record, because its text would show the key. */
final class BraveSearch implements WebSearch {
    private static final int MOST_OF_WEB = 20;

    private final WebService service;
    private final String base;
    private final String key;

    BraveSearch(WebService service, String base, String key) {
        this.service = service;
        this.base = base;
        this.key = key;
    }

    /** @throws IllegalArgumentException if it can be no key; does not show it */
    static String checkedKey(String key) {
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException(
                    "the key of the Brave Search API is missing or blank: get one from Brave, and check the variable it is read from");
        }
        if (!key.strip().chars().allMatch(each -> each > ' ' && each < 0x7F)) {
            throw new IllegalArgumentException(
                    "the key of the Brave Search API has a character that no key has, such as a space or a line's end");
        }
        return key.strip();
    }

    @Override
    public List<WebResult> web(String query, int most, Cancellation cancellation) throws IOException {
        var uri = uri("/web/search", query, Math.min(most, MOST_OF_WEB));
        var answer = ask(uri, cancellation);
        // When it finds nothing, it leaves out the part that would have the pages.
        if (answer.path("type").asText().equals("search") && !answer.has("web")) {
            return List.of();
        }
        return JsonResults.list(answer, uri, "web", "results")
                .limit(most)
                .map(found -> new WebResult(
                        JsonResults.plain(found, "title"),
                        JsonResults.text(found, "url"),
                        JsonResults.plain(found, "description")))
                .toList();
    }

    @Override
    public List<NewsResult> news(String query, int most, Cancellation cancellation) throws IOException {
        var uri = uri("/news/search", query, most);
        return JsonResults.list(ask(uri, cancellation), uri, "results")
                .limit(most)
                .map(found -> new NewsResult(
                        JsonResults.text(found, "page_age", "age"),
                        JsonResults.plain(found, "title"),
                        JsonResults.plain(found, "description"),
                        JsonResults.text(found, "url"),
                        JsonResults.text(found.path("thumbnail"), "src"),
                        JsonResults.publisher(found)))
                .toList();
    }

    private URI uri(String path, String query, int count) {
        return URI.create(
                base + path + "?q=" + WebService.encoded(query) + "&count=" + count + "&text_decorations=false");
    }

    private JsonNode ask(URI uri, Cancellation cancellation) throws IOException {
        var answer = service.ask(uri, Map.of("Accept", "application/json", "X-Subscription-Token", key), cancellation);
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new IOException(uri.getHost() + " refuses the key (status " + answer.statusCode()
                    + "): check that it is valid and that its plan has this search");
        }
        return WebService.json(answer);
    }
}
