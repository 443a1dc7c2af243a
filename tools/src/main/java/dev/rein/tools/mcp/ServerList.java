package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The lists that a server offers, each in pages. */
enum ServerList {
    TOOLS("tools/list", "tools", "tools", "tools"),
    RESOURCES("resources/list", "resources", "resources", "resources"),
    RESOURCE_TEMPLATES("resources/templates/list", "resourceTemplates", "resource templates", "resources"),
    PROMPTS("prompts/list", "prompts", "prompts", "prompts");

    private static final int MAX_PAGES = 100;
    private static final int MAX_ENTRIES = 10_000;

    private final String method;
    private final String key;
    private final String entries;
    private final String capability;

    /** @param capability the name of the server's capability, without which it need not know the list */
    ServerList(String method, String key, String entries, String capability) {
        this.method = method;
        this.key = key;
        this.entries = entries;
        this.capability = capability;
    }

    /**
     * Sends a request and waits for the result.
     *
     * @param <X> what fails beside the connection
     */
    interface Requests<X extends Exception> {
        JsonNode send(String method, JsonNode params) throws IOException, X;
    }

    boolean isOffered(JsonNode capabilities) {
        return capabilities.path(capability).isObject();
    }

    /**
     * Reads all pages.
     *
     * @param target the server, for messages
     * @throws IOException if the list is too long, or has no end
     */
    <X extends Exception> List<JsonNode> read(String target, Requests<X> requests) throws IOException, X {
        var list = new ArrayList<JsonNode>();
        var cursors = new HashSet<String>();
        var params = JsonRpc.JSON.createObjectNode();
        long size = 0;
        for (int page = 0; page < MAX_PAGES; page++) {
            var answer = requests.send(method, params);
            var offered = answer.path(key);
            if (list.size() + offered.size() > MAX_ENTRIES) {
                throw new IOException("the list of " + entries + " of MCP server " + target + " has more than "
                        + MAX_ENTRIES + " " + entries + ": use a server with fewer");
            }
            if (offered.isArray()) {
                offered.forEach(list::add);
            }
            var cursor = answer.path("nextCursor").asText("");
            if (cursor.isEmpty()) {
                return list;
            }
            size += answer.toString().length();
            if (size > JsonRpc.MAX_MESSAGE) {
                throw new IOException("the list of " + entries + " of MCP server " + target + " has more than "
                        + JsonRpc.MAX_MESSAGE + " characters: use a server with fewer " + entries);
            }
            if (!cursors.add(cursor)) {
                break;
            }
            params = JsonRpc.JSON.createObjectNode().put("cursor", cursor);
        }
        throw new IOException("the list of " + entries + " of MCP server " + target + " has no end: it was left after "
                + (cursors.size() + 1) + " pages and " + list.size() + " " + entries
                + ". Correct the server's cursors");
    }
}
