package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Renders the OpenAPI document as a self-contained HTML page without scripts. */
final class DocsPage {
    private static final String STYLE = """
        :root{color-scheme:light dark}
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{margin-bottom:0}h2{margin:2rem 0 .5rem;border-bottom:1px solid #8886}
        details{border:1px solid #8884;border-radius:6px;margin:.3rem 0}
        summary{padding:.4rem .7rem;cursor:pointer}
        details>div{padding:0 1rem 1rem}
        code,b.m{font-family:ui-monospace,monospace;font-size:.92em}
        b.m{display:inline-block;width:4.2rem}
        .get{color:#1a7f37}.post{color:#0969da}.patch{color:#9a6700}.delete{color:#cf222e}
        .s{opacity:.75;margin-left:.6rem}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}
        """;

    private final JsonNode document;
    private final StringBuilder page = new StringBuilder();

    private DocsPage(JsonNode document) {
        this.document = document;
    }

    static String of(JsonNode document) {
        return new DocsPage(document).write();
    }

    private static String text(JsonNode node) {
        return text(node.asText());
    }

    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private String write() {
        var info = document.path("info");
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(text(info.path("title")))
                .append("</title><meta name=\"viewport\" content=\"width=device-width\"><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(text(info.path("title")))
                .append("</h1><p>")
                .append(text(info.path("description")))
                .append(" Version ")
                .append(text(info.path("version")))
                .append(". Machine-readable: <a href=\"openapi.json\">openapi.json</a>.</p>");
        operations().forEach((tag, operations) -> {
            page.append("<h2>").append(text(tag)).append("</h2>");
            operations.forEach(this::operation);
        });
        page.append("<h2>Schemas</h2>");
        document.path("components").path("schemas").properties().forEach(this::schema);
        return page.append("</body></html>").toString();
    }

    private record Operation(String method, String path, JsonNode node) {}

    private Map<String, List<Operation>> operations() {
        var byTag = new LinkedHashMap<String, List<Operation>>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(each -> {
                    var operation = new Operation(each.getKey(), path.getKey(), each.getValue());
                    var tag = operation.node.path("tags").path(0).asText();
                    byTag.computeIfAbsent(tag, _ -> new ArrayList<>()).add(operation);
                }));
        return byTag;
    }

    private void operation(Operation operation) {
        page.append("<details id=\"")
                .append(text(operation.node.path("operationId")))
                .append("\"><summary><b class=\"m ")
                .append(operation.method)
                .append("\">")
                .append(operation.method.toUpperCase(Locale.ROOT))
                .append("</b><code>")
                .append(text(operation.path))
                .append("</code><span class=\"s\">")
                .append(text(operation.node.path("summary")))
                .append("</span></summary><div>");
        parameters(operation.node);
        operation.node.path("requestBody").path("content").properties().forEach(body -> {
            page.append("<p>Body as <code>").append(text(body.getKey())).append("</code></p>");
            fields(body.getValue().path("schema"));
        });
        page.append("<p>Answers</p><table>");
        operation.node.path("responses").properties().forEach(answer -> {
            page.append("<tr><td><code>").append(text(answer.getKey())).append("</code></td><td>");
            page.append(text(answer.getValue().path("description"))).append("</td><td>");
            answer.getValue()
                    .path("content")
                    .properties()
                    .forEach(content -> page.append(type(content.getValue().path("schema")))
                            .append(" <span class=\"s\">")
                            .append(text(content.getKey()))
                            .append("</span><br>"));
            page.append("</td></tr>");
        });
        page.append("</table></div></details>");
    }

    private void parameters(JsonNode operation) {
        var parameters = operation.path("parameters");
        if (parameters.isEmpty()) {
            return;
        }
        page.append("<p>Parameters</p><table>");
        for (var param : parameters) {
            row(
                    param.path("name").asText(),
                    param.path("required").asBoolean(),
                    type(param.path("schema")) + " <span class=\"s\">" + text(param.path("in")) + "</span>",
                    param.path("description").asText(""));
        }
        page.append("</table>");
    }

    private void row(String name, boolean required, String type, String description) {
        page.append("<tr><td><code>")
                .append(text(name))
                .append(required ? "*" : "")
                .append("</code></td><td>")
                .append(type)
                .append("</td><td>")
                .append(text(description))
                .append("</td></tr>");
    }

    private void fields(JsonNode schema) {
        page.append("<table>");
        var required = new ArrayList<String>();
        schema.path("required").forEach(each -> required.add(each.asText()));
        schema.path("properties")
                .properties()
                .forEach(field -> row(
                        field.getKey(),
                        required.contains(field.getKey()),
                        type(field.getValue()),
                        field.getValue().path("description").asText("")));
        page.append("</table>");
    }

    private void schema(Map.Entry<String, JsonNode> schema) {
        page.append("<details id=\"schema-")
                .append(text(schema.getKey()))
                .append("\"><summary><code>")
                .append(text(schema.getKey()))
                .append("</code></summary><div>");
        if (schema.getValue().has("properties")) {
            fields(schema.getValue());
        } else {
            page.append(type(schema.getValue()));
        }
        page.append("</div></details>");
    }

    /** The short form of a type, with links to named schemas. */
    private static String type(JsonNode schema) {
        var reference = schema.path("$ref").asText("");
        if (!reference.isEmpty()) {
            var name = text(reference.substring(reference.lastIndexOf('/') + 1));
            return "<a href=\"#schema-" + name + "\">" + name + "</a>";
        }
        if (schema.has("anyOf")) {
            return joined(schema.path("anyOf"));
        }
        if (schema.has("enum")) {
            return joined(schema.path("enum"));
        }
        var type = schema.path("type");
        if (schema.has("items")) {
            return "list of " + type(schema.path("items"));
        }
        var defaultValue =
                schema.has("default") ? " = " + text(schema.path("default").toString()) : "";
        return (type.isArray() ? joined(type) : type.isTextual() ? text(type) : "any") + defaultValue;
    }

    private static String joined(JsonNode all) {
        var parts = new ArrayList<String>();
        all.forEach(each -> parts.add(each.isObject() ? type(each) : text(each)));
        return String.join(" or ", parts);
    }
}
