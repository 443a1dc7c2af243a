package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A resource that a server offers, such as a file or a record. Immutable.
 *
 * @param uri its address at the server, for {@link McpTools#readResource}
 * @param name for people
 * @param description null if the server gives none
 * @param mimeType null if the server gives none
 * @param size of the content in bytes; null if it is not known
 */
public record McpResource(
        String uri,
        String name,
        @Nullable String description,
        @Nullable String mimeType,
        @Nullable Long size) {

    /** @return null if it has no address */
    static @Nullable McpResource of(JsonNode node) {
        var uri = node.path("uri");
        return uri.isTextual()
                ? new McpResource(
                        uri.textValue(),
                        name(node, uri.textValue()),
                        text(node, "description"),
                        text(node, "mimeType"),
                        node.path("size").isIntegralNumber() ? node.path("size").longValue() : null)
                : null;
    }

    private static String name(JsonNode node, String otherwise) {
        return node.path("title").asText(node.path("name").asText(otherwise));
    }

    private static @Nullable String text(JsonNode node, String key) {
        return node.path(key).textValue();
    }

    /**
     * The form of the addresses of resources that a server offers without listing them. Immutable.
     *
     * @param uriTemplate such as {@code file:///{path}}; see RFC 6570
     * @param name for people
     * @param description null if the server gives none
     * @param mimeType that of all its resources; null if the server gives none
     */
    public record Template(
            String uriTemplate,
            String name,
            @Nullable String description,
            @Nullable String mimeType) {
        private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)\\}");
        private static final Pattern VARIABLE = Pattern.compile("\\+?[A-Za-z0-9_.]+");
        private static final Pattern RESERVED =
                Pattern.compile("%(3A|2F|3F|23|5B|5D|40|21|24|26|27|28|29|2B|2C|3B|3D)");

        static @Nullable Template of(JsonNode node) {
            var template = node.path("uriTemplate");
            return template.isTextual()
                    ? new Template(
                            template.textValue(),
                            McpResource.name(node, template.textValue()),
                            text(node, "description"),
                            text(node, "mimeType"))
                    : null;
        }

        /**
         * Returns the address of a resource. Expressions of the form <code>{name}</code> and <code>{+name}</code> are supported.
         *
         * @param values by the names of the variables
         * @throws IllegalArgumentException if a value is missing, or an expression has another form; the message names it
         */
        public String uri(Map<String, String> values) {
            return EXPRESSION.matcher(uriTemplate).replaceAll(match -> {
                var expression = match.group(1);
                if (!VARIABLE.matcher(expression).matches()) {
                    throw new IllegalArgumentException("the expression {" + expression + "} of " + uriTemplate
                            + " is not supported: make the address of the resource yourself");
                }
                var isReserved = expression.startsWith("+");
                var variable = isReserved ? expression.substring(1) : expression;
                var value = values.get(variable);
                if (value == null) {
                    throw new IllegalArgumentException(
                            "the variable " + variable + " of " + uriTemplate + " has no value: give one");
                }
                var encoded = URLEncoder.encode(value, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%7E", "~");
                return Matcher.quoteReplacement(
                        isReserved
                                ? RESERVED.matcher(encoded)
                                        .replaceAll(each -> Matcher.quoteReplacement(
                                                String.valueOf((char) Integer.parseInt(each.group(1), 16))))
                                : encoded);
            });
        }
    }

    /**
     * The content of a resource, or of a part of it, such as a file of a directory: a text or bytes. Immutable.
     *
     * @param uri its address
     * @param mimeType null if the server gives none
     * @param text null if the content is bytes
     * @param base64 the bytes; null if the content is a text
     */
    public record Content(
            String uri,
            @Nullable String mimeType,
            @Nullable String text,
            @Nullable String base64) {

        static Content of(JsonNode node, String requested) {
            return new Content(
                    node.path("uri").asText(requested),
                    McpResource.text(node, "mimeType"),
                    McpResource.text(node, "text"),
                    McpResource.text(node, "blob"));
        }

        /**
         * The bytes of the content, of a text in UTF-8.
         *
         * @throws IllegalArgumentException if what the server sent is not Base64
         */
        public byte[] bytes() {
            return base64 != null
                    ? Base64.getMimeDecoder().decode(base64)
                    : String.valueOf(text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
        }
    }
}
