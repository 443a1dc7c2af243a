package dev.rein.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The members that users add to the body. The API accepts {@code generation_config} and {@code generationConfig}, but not both, so they get
 * the names that the rest of the body has.
 */
final class ExtraMembers {

    /** The objects whose members are fields of the API; those of others may be names of the user's. */
    private static final Set<String> CONFIGURATIONS =
            Set.of("generationConfig", "thinkingConfig", "toolConfig", "functionCallingConfig");

    /** The members of a body; others, of gateways, keep their names. */
    private static final Set<String> MEMBERS =
            Set.of("generationConfig", "toolConfig", "safetySettings", "systemInstruction", "cachedContent");

    private ExtraMembers() {}

    static Map<String, JsonNode> named(Map<String, JsonNode> members) {
        var named = new LinkedHashMap<String, JsonNode>();
        members.forEach((name, value) -> {
            var field = MEMBERS.contains(camelCase(name)) ? camelCase(name) : name;
            var added = ProviderJson.mapper().createObjectNode();
            if (named.containsKey(field)) {
                added.set(field, named.get(field));
            }
            ProviderJson.addMembers(added, Map.of(field, named(field, value)));
            named.put(field, added.get(field));
        });
        return named;
    }

    private static JsonNode named(String field, JsonNode value) {
        if (!(value instanceof ObjectNode object) || !CONFIGURATIONS.contains(field)) {
            return value;
        }
        var named = object.objectNode();
        object.properties().forEach(member -> {
            var inner = camelCase(member.getKey());
            named.set(inner, named(inner, member.getValue()));
        });
        return named;
    }

    private static String camelCase(String name) {
        var camelCase = new StringBuilder();
        for (var i = 0; i < name.length(); i++) {
            var isUnderscore = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
            camelCase.append(isUnderscore ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return camelCase.toString();
    }
}
