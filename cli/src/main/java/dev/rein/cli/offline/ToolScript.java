package dev.rein.cli.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The tool calls of the offline model: as a team leader it delegates the request to each member in turn; otherwise, in
 * its first turn, it calls the search tools, or else the first tool.
 */
final class ToolScript {
    private static final Set<String> SEARCHES = Set.of("web_search", "get_top_hackernews_stories");

    private ToolScript() {}

    /** The tool calls of this turn; empty for an answer. */
    static List<ToolCall> next(ModelRequest request) {
        var tools = request.tools();
        if (tools.isEmpty()) {
            return List.of();
        }
        var messages = request.messages();
        var asked = messages.size() - 1;
        while (asked > 0 && messages.get(asked).role() != Role.USER) {
            asked--;
        }
        var question = messages.isEmpty() ? "" : messages.get(asked).content();
        var done =
                (int) messages.stream().skip(asked).filter(ToolScript::isResult).count();

        var first = tools.getFirst();
        var members = first.parameters().at("/properties/member_id/enum");
        if (!members.isEmpty()) {
            return done < members.size() ? List.of(delegation(first, members.get(done), question)) : List.of();
        }
        if (done > 0) {
            return List.of();
        }
        var searches =
                tools.stream().filter(tool -> SEARCHES.contains(tool.name())).toList();
        return (searches.isEmpty() ? List.of(first) : searches)
                .stream()
                        .map(tool -> call(tool, SchemaExamples.of(tool.parameters(), question)))
                        .toList();
    }

    private static boolean isResult(Message message) {
        return message.role() == Role.TOOL;
    }

    private static ToolCall delegation(ToolDefinition tool, JsonNode member, String question) {
        var arguments = (ObjectNode) SchemaExamples.of(tool.parameters(), question);
        arguments.set("member_id", member);
        return call(tool, arguments);
    }

    private static ToolCall call(ToolDefinition tool, JsonNode arguments) {
        return new ToolCall("call_" + UUID.randomUUID(), tool.name(), arguments.toString());
    }
}
