package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.session.RunHistory.Entry;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts the runs of one day. Not thread-safe. */
final class DailyMetrics {
    private record Key(ComponentKind source, String componentId) {}

    private final LocalDate date;
    private final ComponentCatalog catalog;
    private final Map<ComponentKind, Integer> runs = new EnumMap<>(ComponentKind.class);
    private final Map<ComponentKind, Set<String>> sessions = new EnumMap<>(ComponentKind.class);
    private final Set<String> users = new HashSet<>();
    private final Map<Key, Integer> components = new java.util.HashMap<>();
    private Usage usage = Usage.NONE;

    DailyMetrics(LocalDate date, ComponentCatalog catalog) {
        this.date = date;
        this.catalog = catalog;
    }

    void add(Entry run) {
        runs.merge(run.source(), 1, Integer::sum);
        components.merge(new Key(run.source(), run.componentId()), 1, Integer::sum);
        if (run.sessionId() != null) {
            sessions.computeIfAbsent(run.source(), _ -> new HashSet<>()).add(run.sessionId());
        }
        if (run.userId() != null) {
            users.add(run.userId());
        }
        usage = usage.plus(run.usage());
    }

    /** @param now the time of the count */
    ObjectNode json(String now) {
        var json = WireJson.object().put("id", date + "_daily");
        for (var source : ComponentKind.values()) {
            var kind = source.name().toLowerCase(Locale.ROOT);
            json.put(kind + "_runs_count", runs.getOrDefault(source, 0));
            json.put(
                    kind + "_sessions_count",
                    sessions.getOrDefault(source, Set.of()).size());
        }
        json.put("users_count", users.size());
        json.putObject("token_metrics")
                .put("input_tokens", usage.inputTokens())
                .put("output_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens())
                .put("cache_read_tokens", usage.cacheReadTokens())
                .put("reasoning_tokens", usage.reasoningTokens());
        var models = json.putArray("model_metrics");
        byModel().values().forEach(models::add);
        return json.put("date", date + "T00:00:00Z")
                .put("created_at", date + "T00:00:00Z")
                .put("updated_at", now);
    }

    /** The number of runs per model, for models that are still served. */
    private Map<String, ObjectNode> byModel() {
        var all = new TreeMap<String, ObjectNode>();
        components.forEach((key, count) -> {
            var model = catalog.model(key.source, key.componentId);
            if (model != null) {
                var entry = all.computeIfAbsent(
                        model.provider() + " " + model.id(),
                        _ -> WireJson.object()
                                .put("model_id", model.id())
                                .put("model_provider", model.provider())
                                .put("count", 0));
                entry.put("count", entry.path("count").asInt() + count);
            }
        });
        return all;
    }
}
