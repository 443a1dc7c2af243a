package dev.rein.os.internal.route;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scope that a request requires: {@code agents:run}, or for one component {@code agents:writer:run}.
 *
 * @param resource the resource, such as {@code agents}
 * @param id the component; null if the request is not for one
 * @param action read, run, write or delete
 */
public record RequiredScope(String resource, @Nullable String id, String action) {
    private static final Set<String> COMPONENTS = Set.of("agents", "teams", "workflows");
    private static final Set<String> RUNNING = Set.of("runs", "continue", "cancel", "resume");

    /** Resources whose name differs from the first path segment. */
    private static final Map<String, String> RESOURCES = Map.of(
            "models", "config",
            "databases", "config",
            "memory_topics", "memories",
            "user_memory_stats", "memories",
            "optimize-memories", "memories",
            "eval-runs", "evals",
            "trace_session_stats", "traces");

    /** @return null if no scope is required */
    public static @Nullable RequiredScope of(String method, String template, @Nullable String id) {
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

    /** Whether the granted scopes include this one. Listing components requires the scope for any of them. */
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
