package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.RunContext;
import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools that a server offers, in a form that models accept. A tool that can't be used, because it has no name, one that another tool has,
 * or a schema that is none, is left out and logged; the others remain.
 *
 * @param target the server, for messages
 * @param prefix of the names for the model
 * @param included selects tools by their names at the server
 */
record OfferedTools(String target, String prefix, Predicate<String> included) {
    private static final Logger log = LoggerFactory.getLogger(OfferedTools.class);
    private static final Pattern INVALID_IN_NAMES = Pattern.compile("[^A-Za-z0-9_-]");
    private static final int MAX_NAME = 64;
    private static final int MAX_DESCRIPTION = 16_384;
    private static final int MAX_LOGGED = 500;

    /** Calls a tool of the server. */
    interface Caller {
        @Nullable
        Object call(String name, ObjectNode arguments, RunContext context) throws Exception;
    }

    List<ToolSpec> specs(List<JsonNode> offered, Caller caller) {
        var specs = new LinkedHashMap<String, ToolSpec>();
        var serverNames = new HashSet<String>();
        var unusable = new ArrayList<String>();
        for (var tool : offered) {
            var serverName = tool.path("name").asText();
            if (!tool.path("name").isTextual() || serverName.isBlank()) {
                unusable.add("one without a name");
            } else if (included.test(serverName)) {
                var schema = ServerSchemas.parameters(tool.path("inputSchema"));
                if (schema == null) {
                    unusable.add("\"" + serverName + "\" (its inputSchema is not one of an object)");
                } else if (!serverNames.add(serverName)) {
                    unusable.add("\"" + serverName + "\" (a second one of this name)");
                } else {
                    var name = name(serverName, specs.keySet()::contains);
                    specs.put(
                            name,
                            ToolSpec.of(
                                    name,
                                    description(tool, serverName),
                                    schema,
                                    (arguments, context) -> caller.call(serverName, arguments, context)));
                }
            }
        }
        if (!unusable.isEmpty()) {
            var list = String.join(", ", unusable.subList(0, Math.min(unusable.size(), 10)));
            log.warn(
                    "{} of {} tools of MCP server {} can't be used: {}",
                    unusable.size(),
                    offered.size(),
                    target,
                    list.length() > MAX_LOGGED ? list.substring(0, MAX_LOGGED) + "..." : list);
        }
        return List.copyOf(specs.values());
    }

    private static String description(JsonNode tool, String serverName) {
        var text = tool.path("description").asText(tool.path("title").asText(serverName));
        return text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
    }

    /** A name that models accept. Names that differ only in what models do not accept get numbers. */
    String name(String serverName, Predicate<String> isTaken) {
        var valid = INVALID_IN_NAMES.matcher(prefix + serverName).replaceAll("_");
        var name = valid.substring(0, Math.min(valid.length(), MAX_NAME));
        for (int i = 2; isTaken.test(name); i++) {
            var number = "_" + i;
            name = valid.substring(0, Math.min(valid.length(), MAX_NAME - number.length())) + number;
        }
        return name;
    }
}
