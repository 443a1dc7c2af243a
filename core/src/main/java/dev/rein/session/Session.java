package dev.rein.session;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation.
 *
 * @param sessionId its id
 * @param userId whose it is; null when unknown
 * @param state what its runs left for the next; values as JSON has them (strings, numbers, booleans, lists, maps)
 * @param createdAt when its first run was accepted
 * @param updatedAt when it last changed
 */
public record Session(
        String sessionId, @Nullable String userId, Map<String, Object> state, Instant createdAt, Instant updatedAt) {
    public Session {
        state = Map.copyOf(state);
    }
}
