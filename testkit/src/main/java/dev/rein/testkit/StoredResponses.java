package dev.rein.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The most recent responses of a provider by id, for polling and cancelling them. Thread-safe. */
final class StoredResponses {
    private static final int MAX_RESPONSES = 1000;

    /** @param job the exchange that controls a background response; null for other responses */
    record Stored(ResponsesEncoder encoder, @Nullable Exchange job) {}

    private final Map<String, Stored> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stored> eldest) {
            return size() > MAX_RESPONSES;
        }
    };

    synchronized void add(ResponsesEncoder encoder, @Nullable Exchange job) {
        byId.put(encoder.id(), new Stored(encoder, job));
    }

    synchronized @Nullable Stored find(String id) {
        return byId.get(id);
    }

    synchronized List<String> backgroundIds() {
        return byId.values().stream()
                .filter(stored -> stored.job() != null)
                .map(stored -> stored.encoder().id())
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
