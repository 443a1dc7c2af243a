package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Reads scripts from JSON, for a provider in another process. {@link FakeProviderMain} describes the format. */
final class ScriptJson {
    private static final Set<String> FIELDS = Set.of(
            "text",
            "events",
            "body",
            "contentType",
            "reasoning",
            "toolCalls",
            "hugeToken",
            "forever",
            "dripMillis",
            "hangAt",
            "hangAfterTokens",
            "cutAfterTokens",
            "status",
            "message",
            "retryAfterMillis",
            "finishReason",
            "usage");

    private ScriptJson() {}

    /** @throws IllegalArgumentException if it is not a valid script; the message contains the reason */
    static Script read(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a script is a JSON object, not " + json.getNodeType());
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        "a script has no field \"" + name + "\": its fields are " + new TreeSet<>(FIELDS));
            }
        });
        var script = json.has("status")
                ? Script.status(json.get("status").asInt(), json.path("message").asText("scripted"))
                : content(json);
        script = script.dripEvery(millis(json, "dripMillis"));
        if (json.has("retryAfterMillis")) {
            script = script.retryAfter(millis(json, "retryAfterMillis"));
        }
        if (json.has("hangAt")) {
            script = script.hangAt(hangPoint(json.get("hangAt").asText()));
        }
        if (json.has("hangAfterTokens")) {
            script = script.hangAfter(json.get("hangAfterTokens").asLong());
        }
        if (json.has("cutAfterTokens")) {
            script = script.cutAfter(json.get("cutAfterTokens").asLong());
        }
        if (json.has("contentType")) {
            script = script.contentType(json.get("contentType").asText());
        }
        if (json.has("finishReason")) {
            script = script.finishReason(json.get("finishReason").asText());
        }
        if (json.has("usage")) {
            var usage = json.get("usage");
            script = script.usage(Usage.of(
                    usage.path("inputTokens").asLong(),
                    usage.path("outputTokens").asLong()));
        }
        return script;
    }

    private static Script content(JsonNode json) {
        if (json.has("body")) {
            return Script.wholeBody(ScriptedResponse.JSON, text(json.get("body")));
        }
        if (json.has("events")) {
            var script = Script.events();
            for (var event : json.get("events")) {
                script = script.thenEvent(text(event));
            }
            return script;
        }
        var script = Script.empty();
        if (json.has("reasoning")) {
            script = script.thenReasoning(json.get("reasoning").asText());
        }
        script = script.thenText(json.path("text").asText(""));
        for (var call : json.path("toolCalls")) {
            var arguments = call.path("arguments");
            var text = text(arguments);
            var name = call.path("name").asText();
            script = call.has("id")
                    ? script.thenToolCall(call.get("id").asText(), name, text)
                    : script.thenToolCall(name, text);
        }
        if (json.has("hugeToken")) {
            script = script.thenHugeToken(json.get("hugeToken").asLong());
        }
        return json.path("forever").asBoolean() ? script.forever() : script;
    }

    /** A string, or the text of another value. */
    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : FixtureJson.write(value);
    }

    private static Duration millis(JsonNode json, String field) {
        return Duration.ofMillis(json.path(field).asLong());
    }

    private static HangPoint hangPoint(String name) {
        try {
            return HangPoint.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "hangAt is \"" + name + "\": it must be one of " + Arrays.toString(HangPoint.values()), e);
        }
    }
}
