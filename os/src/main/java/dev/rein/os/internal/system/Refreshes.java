package dev.rein.os.internal.system;

import dev.rein.os.internal.route.Caller;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the metrics were last refreshed: isolated callers see only what they did themselves. Bounded. Thread-safe. */
final class Refreshes {
    private static final int MAX_USERS = 1_000;

    /** By user; "" stands for all callers that are not isolated, which no user is named. */
    private final Map<String, Instant> byUser = new LinkedHashMap<>();

    private static String key(Caller caller) {
        return caller.isolated() && caller.userId() != null ? caller.userId() : "";
    }

    synchronized void done(Caller caller) {
        var key = key(caller);
        byUser.remove(key);
        byUser.put(key, Instant.now());
        if (byUser.size() > MAX_USERS) {
            byUser.remove(byUser.keySet().iterator().next());
        }
    }

    synchronized @Nullable Instant last(Caller caller) {
        return byUser.get(key(caller));
    }
}
