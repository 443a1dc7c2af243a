package dev.rein.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the tools in a request, as servers accept them: models invent names such as {@code multi_tool_use.parallel}, and a
 * server refuses every later request that contains one. The same name becomes the same one each time, and no two names become one.
 */
final class ToolNames {
    private static final int MAX_LENGTH = 64;
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_LENGTH + "}");
    private static final Pattern ILLEGAL_CHARACTER = Pattern.compile("[^A-Za-z0-9_-]");
    private static final int HASH_LENGTH = 8;

    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> replacements = new HashMap<>();

    ToolNames(ModelRequest request) {
        request.tools().forEach(tool -> take(tool.name()));
        for (var message : request.messages()) {
            message.toolCalls().forEach(call -> take(call.name()));
        }
    }

    private void take(String name) {
        if (isLegal(name)) {
            taken.add(name);
        }
    }

    private static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    /** The name itself if it is legal. */
    String legal(String name) {
        return isLegal(name) ? name : replacements.computeIfAbsent(name, this::replacement);
    }

    private String replacement(String name) {
        var readable = name.isBlank()
                ? "unnamed"
                : ILLEGAL_CHARACTER.matcher(name.strip()).replaceAll("_");
        var start = readable.substring(0, Math.min(readable.length(), MAX_LENGTH - HASH_LENGTH - 1));
        for (var attempt = 0; ; attempt++) {
            var hash = TextHash.of(attempt == 0 ? name : attempt + ":" + name);
            var candidate = start + "_" + hash.substring(0, HASH_LENGTH);
            if (taken.add(candidate)) {
                return candidate;
            }
        }
    }
}
