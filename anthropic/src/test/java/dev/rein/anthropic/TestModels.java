package dev.rein.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ToolDefinition;
import dev.rein.testkit.FakeProvider;

/** Models and requests for the tests of this module. */
final class TestModels {
    static final String ID = "claude-test";
    static final String KEY = "sk-ant-0123456789abcdef";
    static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));
    static final ToolDefinition WEATHER = new ToolDefinition(
            "weather",
            "Tells the weather",
            json("{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}"));

    private TestModels() {}

    static AnthropicBuilder at(FakeProvider provider) {
        return AnthropicMessages.builder().id(ID).baseUrl(provider.url()).apiKey(KEY);
    }

    /** Reads JSON with single instead of double quotes. */
    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
