package dev.rein.tools.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls the public API of Hacker News, which returns {@code null} for unknown items and users. */
record HackerNewsApi(WebService service, String base) implements HackerNews {
    private static final int CONCURRENCY = 6;
    /** Lists of ids, up to hundreds in a story, which are useless to a model. */
    private static final List<String> OMITTED_FIELDS = List.of("kids", "parts");

    @Override
    public List<ObjectNode> topStories(int maxResults, Cancellation cancellation) throws IOException {
        var list = uri("topstories");
        var ids = service.getJson(list, Map.of(), cancellation);
        if (!ids.isArray() || !ids.valueStream().allMatch(JsonNode::isIntegralNumber)) {
            throw unexpected(list, "not an array of ids");
        }
        var items = ids.valueStream()
                .limit(maxResults)
                .map(id -> uri("item/" + id.asText()))
                .toList();
        return service.getAllJson(items, CONCURRENCY, cancellation).stream()
                .filter(ObjectNode.class::isInstance)
                .map(story -> ((ObjectNode) story).remove(OMITTED_FIELDS))
                .toList();
    }

    @Override
    public Optional<ObjectNode> user(String name, Cancellation cancellation) throws IOException {
        var uri = uri("user/" + name);
        var user = service.getJson(uri, Map.of(), cancellation);
        if (user.isNull()) {
            return Optional.empty();
        }
        if (!user.isObject()) {
            throw unexpected(uri, "not a user");
        }
        var details = WebService.JSON.createObjectNode();
        for (var key : List.of("id", "karma", "about", "created")) {
            details.set(key, user.get(key));
        }
        return Optional.of(
                details.put("total_items_submitted", user.path("submitted").size()));
    }

    private URI uri(String path) {
        return URI.create(base + "/" + path + ".json");
    }

    private static IOException unexpected(URI requested, String problem) {
        return new IOException(requested + " responded with JSON that is " + problem + ": check the base URL");
    }
}
