package dev.rein.gemini;

import dev.rein.model.ToolDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of functions: at Gemini they begin with a letter or an underscore, which not all names of tools do. Those are prefixed with an
 * underscore. Confined to one thread.
 */
final class FunctionNames {

    private static final int MAX_LENGTH = 64;

    private final Map<String, String> functions = new HashMap<>();
    private final Map<String, String> tools = new HashMap<>();

    FunctionNames(List<ToolDefinition> declared) {
        declared.stream()
                .map(ToolDefinition::name)
                .filter(FunctionNames::isLegal)
                .forEach(name -> tools.put(name, name));
        declared.stream().map(ToolDefinition::name).forEach(this::function);
    }

    /** The function for a tool, which may be one that only the conversation contains; no two tools have the same. */
    String function(String tool) {
        if (isLegal(tool)) {
            return tool;
        }
        return functions.computeIfAbsent(tool, this::prefixed);
    }

    /** The tool that a function stands for; the name itself if there is none. */
    String tool(String function) {
        return tools.getOrDefault(function, function);
    }

    private String prefixed(String tool) {
        for (var name = "_" + tool; ; name = "_" + name) {
            var cut = name.substring(0, Math.min(name.length(), MAX_LENGTH));
            if (tools.putIfAbsent(cut, tool) == null) {
                return cut;
            }
        }
    }

    private static boolean isLegal(String name) {
        var first = name.isEmpty() ? ' ' : name.charAt(0);
        return first == '_' || (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    }
}
