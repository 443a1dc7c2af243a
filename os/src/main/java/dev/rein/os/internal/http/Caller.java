package dev.rein.os.internal.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param userId the user that a token names; null without one
 * @param scopes what the token allows; null when nothing is checked
 * @param isolated whether it sees only what is its user's
 */
public record Caller(@Nullable String userId, @Nullable Set<String> scopes, boolean isolated) {
    static final Caller ANYBODY = new Caller(null, null, false);

    /** The user that a request is for: the one of the token, or the one that it names. */
    @Nullable
    String user(@Nullable String named) {
        return userId != null ? userId : named;
    }

    /** Whether it may do this. */
    boolean may(RequiredScope scope) {
        return scopes == null || scope.isIn(scopes);
    }

    /** Whether it may see something of a user. */
    boolean sees(@Nullable String owner) {
        return !isolated || (owner != null && owner.equals(userId));
    }
}
