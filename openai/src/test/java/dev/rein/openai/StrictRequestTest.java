package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ToolCall;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.MessageRules;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a conversation contains, strict servers accept the request. */
class StrictRequestTest {
    @ParameterizedTest
    @EnumSource
    void whatModelsAndOtherProgramsHaveWrittenIsSentInAFormThatServersAccept(Api api) throws Exception {
        var longId = new ToolCall("chatcmpl-tool-0123456789abcdef0123456789abcdef", "weather", "{}");
        var oddName = new ToolCall("call_1", "multi_tool_use.parallel", "{\"a\":\"x\ud83d\"}");
        var sameId = new ToolCall("call_1", "weather ", "{}");
        var orphan = new ToolCall("call_2", "weather", "{}");
        var nothing = new ToolCall("call_3", "", "");

        try (var provider = FakeProvider.start()) {
            api.at(provider)
                    .respond(
                            ModelRequest.of(
                                    Message.user("Weather? \ud83d"),
                                    Message.assistant("", null, List.of(longId, oddName, nothing)),
                                    Message.tool(longId, "sunny", false),
                                    Message.tool(oddName, "no such tool \ude00", true),
                                    Message.assistant(""),
                                    Message.assistant("", null, List.of(sameId, orphan)),
                                    Message.tool(sameId, "no such tool", true),
                                    Message.user("And?")),
                            new RecordingModelCall());

            var request = provider.requests().getFirst();
            MessageRules.OPENAI.check(request);
            assertThat(ids(request.body()))
                    .hasSize(4)
                    .doesNotHaveDuplicates()
                    .allSatisfy(id -> assertThat(id).hasSizeLessThanOrEqualTo(40));
            assertThat(request.bodyText()).contains("Weather? \ufffd").contains("no such tool \ufffd");
        }
    }

    private static List<String> ids(JsonNode body) {
        return body.has("input")
                ? body.get("input").findValuesAsText("call_id").stream()
                        .distinct()
                        .toList()
                : body.get("messages").findValues("tool_calls").stream()
                        .flatMap(calls -> calls.findValuesAsText("id").stream())
                        .toList();
    }
}
