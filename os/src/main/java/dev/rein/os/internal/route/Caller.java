package dev.rein.os.internal.route;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The authenticated caller of a request.
 *
 * @param userId the user of the token; null without a token
 * @param scopes the scopes of the token; null if scopes are not checked
 * @param isolated whether the caller sees only its own user's data
 * @param expiresAt when the token expires; null for never
 */
public record Caller(
        @Nullable String userId,
        @Nullable Set<String> scopes,
        boolean isolated,
        @Nullable Instant expiresAt) {
    public static final Caller ANYBODY = new Caller(null, null, false, null);

    /** Whether the token has expired. */
    public boolean isExpired() {
        return expiresAt != null && !Instant.now().isBefore(expiresAt);
    }

    /** The user of a request: that of the token, or else the one named in the request. */
    @Nullable
    public String user(@Nullable String named) {
        return userId != null ? userId : named;
    }

    /** Whether the caller has the scope. */
    public boolean may(RequiredScope scope) {
        return scopes == null || scope.isIn(scopes);
    }

    /** Whether the caller may see data of this user. */
    public boolean sees(@Nullable String owner) {
        return !isolated || (owner != null && owner.equals(userId));
    }
}
