package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The resources and prompts of a server. They are asked for each time.
 *
 * @param connection to the server
 * @param requests sends a request with the headers of the run that the current thread works for
 */
record ServerContent(McpConnection connection, ServerList.Requests<McpToolException> requests) {
    private static final String NO_PARAMETERS = """
            {"type":"object","properties":{}}""";
    private static final String URI = """
            {"type":"object","properties":{"uri":{"type":"string","description":"The address, as listed"}},"required":["uri"]}""";
    private static final String PROMPT = """
            {"type":"object","properties":{"name":{"type":"string"},"arguments":{"type":"object","additionalProperties":\
            {"type":"string"}}},"required":["name"]}""";

    List<McpResource> resources() throws IOException {
        return list(ServerList.RESOURCES, McpResource::of);
    }

    List<McpResource.Template> templates() throws IOException {
        return list(ServerList.RESOURCE_TEMPLATES, McpResource.Template::of);
    }

    List<McpPrompt> prompts() throws IOException {
        return list(ServerList.PROMPTS, McpPrompt::of);
    }

    List<McpResource.Content> read(String uri) throws IOException {
        return send("resources/read", JsonRpc.JSON.createObjectNode().put("uri", uri))
                .path("contents")
                .valueStream()
                .map(each -> McpResource.Content.of(each, uri))
                .toList();
    }

    McpPrompt.Filled prompt(String name, Map<String, String> arguments) throws IOException {
        var params = JsonRpc.JSON.createObjectNode().put("name", name);
        arguments.forEach(params.putObject("arguments")::put);
        return McpPrompt.Filled.of(send("prompts/get", params));
    }

    private JsonNode send(String method, JsonNode params) throws IOException {
        try {
            return requests.send(method, params);
        } catch (McpToolException e) {
            throw new IOException(
                    "MCP server " + connection.target() + " refused " + method + ": " + e.getMessage(), e);
        }
    }

    private <T> List<T> list(ServerList list, Function<JsonNode, @Nullable T> reader) throws IOException {
        if (!list.isOffered(connection.capabilities())) {
            return List.of();
        }
        var entries = new ArrayList<T>();
        for (var node : list.read(connection.target(), this::send)) {
            var entry = reader.apply(node);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return List.copyOf(entries);
    }

    /** Tools with which a model lists and reads resources. */
    List<ToolSpec> resourceTools(Function<String, String> names) throws IOException {
        return List.of(
                tool(names, "list_resources", "Lists the resources of the server", NO_PARAMETERS, (_, _) -> {
                    var found = JsonRpc.JSON.createObjectNode();
                    var listed = found.putArray("resources");
                    resources()
                            .forEach(each -> put(
                                    listed.addObject(),
                                    "uri",
                                    each.uri(),
                                    "name",
                                    each.name(),
                                    "description",
                                    each.description(),
                                    "mimeType",
                                    each.mimeType()));
                    var templates = found.putArray("templates");
                    templates()
                            .forEach(each -> put(
                                    templates.addObject(),
                                    "uriTemplate",
                                    each.uriTemplate(),
                                    "name",
                                    each.name(),
                                    "description",
                                    each.description(),
                                    "mimeType",
                                    each.mimeType()));
                    return found;
                }),
                tool(
                        names,
                        "read_resource",
                        "Reads a resource of the server",
                        URI,
                        (arguments, _) -> read(arguments.path("uri").asText()).stream()
                                .map(ServerContent::text)
                                .collect(Collectors.joining("\n"))));
    }

    /** Tools with which a model lists and gets prompts. */
    List<ToolSpec> promptTools(Function<String, String> names) throws IOException {
        return List.of(
                tool(names, "list_prompts", "Lists the prompts of the server", NO_PARAMETERS, (_, _) -> {
                    var listed = JsonRpc.JSON.createArrayNode();
                    for (var prompt : prompts()) {
                        var node = listed.addObject();
                        put(node, "name", prompt.name(), "description", prompt.description());
                        var arguments = node.putArray("arguments");
                        prompt.arguments()
                                .forEach(each -> put(
                                                arguments.addObject(),
                                                "name",
                                                each.name(),
                                                "description",
                                                each.description())
                                        .put("required", each.required()));
                    }
                    return listed;
                }),
                tool(names, "get_prompt", "Gets a prompt of the server", PROMPT, (arguments, _) -> {
                    var values = arguments
                            .path("arguments")
                            .propertyStream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, each -> each.getValue().asText()));
                    var input = prompt(arguments.path("name").asText(), values).input();
                    var images = input.images().size();
                    return images == 0
                            ? input.text()
                            : input.text() + "\n[" + images + (images == 1 ? " image" : " images") + ", not shown]";
                }));
    }

    private static ObjectNode put(ObjectNode node, @Nullable String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                node.put(Objects.requireNonNull(pairs[i]), pairs[i + 1]);
            }
        }
        return node;
    }

    private static String text(McpResource.Content content) {
        var text = content.text();
        return text != null
                ? text
                : "[resource " + content.uri()
                        + (content.mimeType() == null ? "" : " of type " + content.mimeType())
                        + ", not shown]";
    }

    private interface Code {
        Object call(ObjectNode arguments, RunContext context) throws IOException;
    }

    private static ToolSpec tool(
            Function<String, String> names, String name, String description, String schema, Code code)
            throws IOException {
        return ToolSpec.of(names.apply(name), description, JsonRpc.JSON.readTree(schema), code::call);
    }
}
