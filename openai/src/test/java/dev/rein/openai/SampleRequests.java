package dev.rein.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests for the tests of both APIs. */
final class SampleRequests {

    static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    static final JsonNode WEATHER_SCHEMA = json("""
        {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}\
        """);

    static final ToolDefinition WEATHER = new ToolDefinition("weather", "Tells the weather", WEATHER_SCHEMA);

    private SampleRequests() {}

    /** A conversation that contains every kind of message. */
    static List<Message> conversation() {
        var first = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var second = new ToolCall("call_2", "weather", "");
        return List.of(
                Message.system("Be brief"),
                Message.user(
                        "What is this?",
                        List.of(
                                new Image("https://example.org/cat.png"),
                                Image.of("png".getBytes(StandardCharsets.US_ASCII), "image/png"))),
                Message.assistant("A cat"),
                Message.user("And the weather?"),
                Message.assistant("", null, List.of(first, second)),
                Message.tool(first, "sunny", false),
                Message.tool(second, "no city was given", true),
                Message.assistant("Sunny in ").asInterrupted(),
                Message.user("Go on"));
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
