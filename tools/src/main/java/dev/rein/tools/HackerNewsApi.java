package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the public API of Hacker News, which answers with {@code null} for what it does not have. */
record HackerNewsApi(WebService service, String base) implements HackerNews {
    private static final int AT_ONCE = 6;
    /** Ids of comments; a popular story has hundreds, which tell a model nothing. */
    private static final List<String> LEFT_OUT = List.of("kids", "parts");

    @Override
    public List<ObjectNode> topStories(int most, Cancellation cancellation) throws IOException {
        var list = uri("topstories");
        var ids = service.json(list, Map.of(), cancellation);
        if (!ids.isArray() || !ids.valueStream().allMatch(JsonNode::isIntegralNumber)) {
            throw unexpected(list, "no list of ids");
        }
        var items = ids.valueStream()
                .limit(most)
                .map(id -> uri("item/" + id.asText()))
                .toList();
        return service.jsonOfAll(items, AT_ONCE, cancellation).stream()
                .filter(ObjectNode.class::isInstance)
                .map(story -> ((ObjectNode) story).remove(LEFT_OUT))
                .toList();
    }

    @Override
    public Optional<ObjectNode> user(String name, Cancellation cancellation) throws IOException {
        var uri = uri("user/" + name);
        var user = service.json(uri, Map.of(), cancellation);
        if (user.isNull()) {
            return Optional.empty();
        }
        if (!user.isObject()) {
            throw unexpected(uri, "no user");
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

    private static IOException unexpected(URI asked, String what) {
        return new IOException(asked + " answered with JSON that is " + what + ": check the base URL");
    }
}
