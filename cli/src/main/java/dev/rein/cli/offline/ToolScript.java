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
 * Which tools the offline model calls: as the leader of a team it gives the request to one member after the other; otherwise
 * it calls, in its first turn, the tools for searching, or else the first one it has.
 */
final class ToolScript {
    private static final Set<String> SEARCHES = Set.of("web_search", "get_top_hackernews_stories");

    private ToolScript() {}

    /** The calls of this turn; empty when it is time to answer. */
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
