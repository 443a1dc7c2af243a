package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.jsoup.Jsoup;

/** Reads the lists of results that search services answer with. */
final class JsonResults {
    private JsonResults() {}

    /** @param path the names down to the list */
    static Stream<JsonNode> list(JsonNode answer, URI asked, String... path) throws IOException {
        var list = answer;
        for (var name : path) {
            list = list.path(name);
        }
        if (!list.isArray()) {
            throw new IOException(asked.getHost() + " answered with JSON that has no list \"" + String.join(".", path)
                    + "\": check the base URL");
        }
        return list.valueStream().filter(JsonNode::isObject);
    }

    /** The first of these that is there and not blank, or an empty text. */
    static String text(JsonNode result, String... names) {
        return Stream.of(names)
                .map(name -> result.path(name).asText(""))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    /** A text that is HTML, without its tags. */
    static String plain(JsonNode result, String name) {
        return Jsoup.parseBodyFragment(text(result, name)).text();
    }

    /** The host of the result's {@code url}: the nearest there is to the name of who published it. */
    static String publisher(JsonNode result) {
        try {
            var host = URI.create(text(result, "url")).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException noUri) {
            return "";
        }
    }
}
