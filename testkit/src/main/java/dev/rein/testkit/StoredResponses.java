package dev.rein.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last responses of a provider by id, for asking after them and for cancelling them. Thread-safe. */
final class StoredResponses {
    private static final int MOST = 1000;

    /** @param job what paces a background response; null for one that was answered on its own connection */
    record Stored(ResponsesWire wire, @Nullable Exchange job) {}

    private final Map<String, Stored> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stored> eldest) {
            return size() > MOST;
        }
    };

    synchronized void add(ResponsesWire wire, @Nullable Exchange job) {
        byId.put(wire.id(), new Stored(wire, job));
    }

    synchronized @Nullable Stored find(String id) {
        return byId.get(id);
    }

    synchronized List<String> backgroundIds() {
        return byId.values().stream()
                .filter(stored -> stored.job() != null)
                .map(stored -> stored.wire().id())
                .toList();
    }

    synchronized void cutAll() {
        byId.values().forEach(stored -> {
            if (stored.job() != null) {
                stored.job().cut();
            }
        });
        byId.clear();
    }
}
