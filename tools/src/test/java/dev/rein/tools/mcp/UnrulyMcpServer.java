package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server that does what servers should not do. Each start and each call is appended to a file. The first argument is that file;
 * the others are habits:
 *
 * <ul>
 *   <li>{@code banner}: writes lines that are no messages, before the handshake and before each response
 *   <li>{@code dies}: writes to its standard error and exits with 7
 *   <li>{@code same-cursor}, {@code new-cursors}: the list of tools has no end
 * </ul>
 */
final class UnrulyMcpServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static boolean changed;

    private UnrulyMcpServer() {}

    public static void main(String[] arguments) throws Exception {
        var record = Path.of(arguments[0]);
        var habits = List.of(arguments);
        write(record, "start");
        if (habits.contains("dies")) {
            System.err.println("no configuration found, the key is " + System.getenv("MY_KEY"));
            System.err.println("give one with --config");
            System.exit(7);
        }
        if (habits.contains("banner")) {
            System.out.println("Welcome to the server!");
            System.out.println("{not json");
            System.out.println("[1, 2]");
            System.out.println("{\"level\":\"info\",\"text\":\"a log line\"}");
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            var message = JSON.readTree(line);
            if (message.has("id")) {
                if (habits.contains("banner")) {
                    System.out.println("working on it ...");
                }
                var result = result(message, habits, record);
                if (result != null) {
                    System.out.println(
                            "{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + result + "}");
                }
                if (message.at("/params/name").asText().equals("die_after")) {
                    System.out.flush();
                    Runtime.getRuntime().halt(4);
                }
            }
        }
    }

    private static void write(Path record, String line) throws IOException {
        Files.writeString(record, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static @Nullable String result(JsonNode message, List<String> habits, Path record) throws IOException {
        return switch (message.get("method").textValue()) {
            case "initialize" -> """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},\
                "serverInfo":{"name":"unruly","version":"1"}}""";
            case "tools/list" -> tools(message, habits);
            case "tools/call" -> call(message.get("params"), record);
            default -> "{}";
        };
    }

    private static String tools(JsonNode message, List<String> habits) {
        var list =
                "{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"},"
                        + "\"count\":{\"type\":\"integer\"}},\"required\":[\"text\"]}}"
                        + "," + tool("die") + "," + tool("die_after") + "," + tool("strange") + "," + tool("change")
                        + (changed ? "," + tool("added") : "");
        if (habits.contains("same-cursor")) {
            return "{\"tools\":[],\"nextCursor\":\"a\"}";
        }
        if (habits.contains("new-cursors")) {
            return "{\"tools\":[],\"nextCursor\":\"c" + message.get("id") + "\"}";
        }
        return "{\"tools\":[" + list + "]}";
    }

    private static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private static @Nullable String call(JsonNode params, Path record) throws IOException {
        var name = params.get("name").textValue();
        write(record, "call " + name);
        return switch (name) {
            case "echo" -> text(params.get("arguments").toString());
            case "die" -> {
                System.err.println("out of memory");
                Runtime.getRuntime().halt(3);
                yield null;
            }
            case "strange" -> """
                {"content":[{"type":"hologram","data":[1,2]},{"type":"text","text":"beside it"},{"x":1}]}\
                """.strip();
            case "change" -> {
                changed = true;
                System.out.println("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
                yield text("changed");
            }
            default -> text(name);
        };
    }

    private static String text(String text) throws IOException {
        return JSON.writeValueAsString(Map.of("content", List.of(Map.of("type", "text", "text", text))));
    }
}
