package dev.rein.tools.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.jsoup.Jsoup;

/** Reads the result lists of search services. */
final class JsonResults {
    private JsonResults() {}

    /** @param path the field names from the outermost object to the list */
    static Stream<JsonNode> list(JsonNode response, URI requested, String... path) throws IOException {
        var list = response;
        for (var name : path) {
            list = list.path(name);
        }
        if (!list.isArray()) {
            throw new IOException(requested.getHost() + " responded with JSON without an array \""
                    + String.join(".", path) + "\": check the base URL");
        }
        return list.valueStream().filter(JsonNode::isObject);
    }

    /** The value of the first of these fields that is not blank; empty if there is none. */
    static String text(JsonNode result, String... names) {
        return Stream.of(names)
                .map(name -> result.path(name).asText(""))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    /** The text of a field that contains HTML. */
    static String textOfHtml(JsonNode result, String name) {
        return Jsoup.parseBodyFragment(text(result, name)).text();
    }

    /** The host in the result's {@code url}, as a substitute for the publisher's name. */
    static String publisher(JsonNode result) {
        try {
            var host = URI.create(text(result, "url")).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException noUri) {
            return "";
        }
    }
}
