package dev.rein.openai;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolDefinition;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The common part of the tests of what servers send. JSON in these tests has single quotes for double ones, and backquotes for double quotes
 * inside of a string.
 */
abstract class ServerResponses {

    static final ModelRequest REQUEST = new ModelRequest(
            List.of(Message.user("Hello")),
            Stream.of("weather", "clock", "get", "get_news", "delete")
                    .map(name -> new ToolDefinition(name, "A tool", SampleRequests.json("{\"type\": \"object\"}")))
                    .toList(),
            null);

    final RecordingModelCall call = new RecordingModelCall();
    FakeProvider provider;

    @BeforeEach
    void startProvider() {
        provider = FakeProvider.start();
    }

    @AfterEach
    void closeProvider() {
        provider.close();
    }

    static String json(String text) {
        return text.replace('\'', '"').replace("`", "\\\"");
    }

    /** A stream of these events. */
    static Script events(String... events) {
        return Script.events(Stream.of(events).map(ServerResponses::json).toArray(String[]::new));
    }

    /** Chunks with these deltas, a finish reason, and the end of a chat completion. */
    static Script deltas(String finishReason, String... deltas) {
        var script = Script.events();
        for (var delta : deltas) {
            script = script.thenEvent(json("{'choices':[{'index':0,'delta':" + delta + "}]}"));
        }
        return script.thenEvent(json("{'choices':[{'index':0,'delta':{},'finish_reason':'" + finishReason + "'}]}"))
                .thenEvent("[DONE]");
    }

    /** Chunks with these values of {@code tool_calls}. */
    static Script calls(String... values) {
        return deltas(
                "tool_calls",
                Stream.of(values).map(value -> "{'tool_calls':" + value + "}").toArray(String[]::new));
    }

    /** A body instead of a stream. */
    static Script body(String type, String body) {
        return Script.wholeBody(type, json(body));
    }

    ModelResponse chat(Script script) {
        return respond(Api.CHAT, script);
    }

    ModelResponse responses(Script script) {
        return respond(Api.RESPONSES, script);
    }

    ModelResponse respond(Api api, Script script) {
        provider.enqueue(script);
        return api.at(provider).respond(REQUEST, call);
    }

    ModelException failure(Api api, Script script) {
        return catchThrowableOfType(ModelException.class, () -> respond(api, script));
    }

    /** The tool calls as name and arguments. */
    static List<String> called(ModelResponse response) {
        return response.toolCalls().stream()
                .map(each -> each.name() + each.arguments())
                .toList();
    }

    /** The ids of the tool calls. */
    static List<String> ids(ModelResponse response) {
        return response.toolCalls().stream().map(each -> each.id()).toList();
    }
}
