package dev.rein.os.internal.http;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs to be allowed: {@code agents:run}, or for one component {@code agents:writer:run}.
 *
 * @param resource such as {@code agents}
 * @param id the component; null when the request is not for one
 * @param action read, run, write or delete
 */
record RequiredScope(String resource, @Nullable String id, String action) {
    private static final Set<String> COMPONENTS = Set.of("agents", "teams", "workflows");
    private static final Set<String> RUNNING = Set.of("runs", "continue", "cancel", "resume");

    /** The first part of a path, where that is not the name of the resource. */
    private static final Map<String, String> RESOURCES = Map.of(
            "models", "config",
            "databases", "config",
            "memory_topics", "memories",
            "user_memory_stats", "memories",
            "optimize-memories", "memories",
            "eval-runs", "evals",
            "trace_session_stats", "traces");

    /** @return null if nothing is needed */
    static @Nullable RequiredScope of(String method, String template, @Nullable String id) {
        var parts = template.split("/");
        if (parts.length < 2) {
            return null;
        }
        var resource = RESOURCES.getOrDefault(parts[1], parts[1]);
        var last = parts[parts.length - 1];
        var action = switch (method) {
            case "GET" -> "read";
            case "DELETE" -> "delete";
            case "POST" -> RUNNING.contains(last) ? "run" : "write";
            default -> "write";
        };
        return new RequiredScope(resource, COMPONENTS.contains(resource) ? id : null, action);
    }

    /** Whether some of these allow it. A list of components is allowed to whoever may read one of them. */
    boolean isIn(Set<String> scopes) {
        if (has(scopes, resource) || (resource.equals("config") && has(scopes, "system"))) {
            return true;
        }
        if (id != null) {
            return scopes.contains(resource + ":" + id + ":" + action);
        }
        return COMPONENTS.contains(resource)
                && scopes.stream().anyMatch(each -> each.startsWith(resource + ":") && each.endsWith(":" + action));
    }

    private boolean has(Set<String> scopes, String name) {
        return scopes.contains(name + ":" + action)
                || scopes.contains(name + ":*:" + action)
                || scopes.contains(name + ":*");
    }

    @Override
    public String toString() {
        return resource + ":" + action;
    }
}
