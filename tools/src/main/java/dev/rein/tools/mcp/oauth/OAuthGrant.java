package dev.rein.tools.mcp.oauth;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for an MCP server, with what is needed to refresh them. Treat it like a password: {@link #toString} has no secret. Immutable.
 *
 * @param issuer the authorization server that gave the tokens
 * @param clientId the client that they were given to
 * @param clientSecret null for a client without one
 * @param accessToken sent to the MCP server
 * @param refreshToken sent to the authorization server for new tokens; null if there is none
 * @param expiresAt when the access token expires; null if that is not known
 * @param scope of the tokens; null if it is not known
 */
public record OAuthGrant(
        String issuer,
        String clientId,
        @Nullable String clientSecret,
        String accessToken,
        @Nullable String refreshToken,
        @Nullable Instant expiresAt,
        @Nullable String scope) {
    public OAuthGrant {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(accessToken, "accessToken");
    }

    /** Without the tokens and the secret. */
    @Override
    public String toString() {
        return "OAuthGrant[issuer=" + issuer + ", clientId=" + clientId + ", expiresAt=" + expiresAt + ", scope="
                + scope + "]";
    }
}
