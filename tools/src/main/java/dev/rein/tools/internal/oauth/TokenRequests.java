package dev.rein.tools.internal.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.tools.mcp.oauth.McpOAuth;
import dev.rein.tools.mcp.oauth.OAuthException;
import dev.rein.tools.mcp.oauth.OAuthGrant;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The requests of a client to an authorization server. */
final class TokenRequests {
    private static final int MAX_TOKEN = 65_536;
    private static final long MAX_LIFETIME = 10L * 365 * 24 * 3600;

    private final AuthorizationServer server;
    private final String resource;

    /** @param resource the MCP server that tokens are for */
    TokenRequests(AuthorizationServer server, String resource) {
        this.server = server;
        this.resource = resource;
    }

    /** Registers a client for a person's permission (RFC 7591). */
    McpOAuth.Client register(String name, URI redirectUri) throws IOException, InterruptedException {
        var endpoint = server.registration();
        if (endpoint == null) {
            throw new OAuthException("the authorization server " + server.issuer()
                    + " registers no clients by itself: register one there, with the redirect address " + redirectUri
                    + ", and give it to McpOAuth.withClient(..)");
        }
        var body = OAuthHttp.JSON.createObjectNode().put("client_name", name);
        body.putArray("redirect_uris").add(redirectUri.toString());
        body.putArray("grant_types").add("authorization_code").add("refresh_token");
        body.putArray("response_types").add("code");
        body.put("token_endpoint_auth_method", "none");
        body.put("application_type", "native");
        var answer = OAuthHttp.postJson(endpoint, body);
        var client = answer.body();
        if (!answer.isSuccess() || client == null || !client.path("client_id").isTextual()) {
            throw new OAuthException("the authorization server " + server.issuer() + " did not register a client ("
                    + answer.error() + "): register one there, and give it to McpOAuth.withClient(..)");
        }
        return new McpOAuth.Client(
                server.issuer(),
                client.path("client_id").textValue(),
                client.path("client_secret").textValue());
    }

    OAuthGrant exchange(McpOAuth.Client client, String code, URI redirectUri, String verifier)
            throws IOException, InterruptedException {
        return request(
                client,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirectUri.toString(),
                        "code_verifier",
                        verifier),
                null);
    }

    OAuthGrant ofService(McpOAuth.Client client, List<String> scopes) throws IOException, InterruptedException {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        return request(client, form, null);
    }

    OAuthGrant refresh(OAuthGrant grant) throws IOException, InterruptedException {
        var refreshToken = Objects.requireNonNull(grant.refreshToken());
        return request(
                new McpOAuth.Client(grant.issuer(), grant.clientId(), grant.clientSecret()),
                Map.of("grant_type", "refresh_token", "refresh_token", refreshToken),
                grant);
    }

    /** @param before the grant that is refreshed; null for none */
    private OAuthGrant request(McpOAuth.Client client, Map<String, String> parameters, @Nullable OAuthGrant before)
            throws IOException, InterruptedException {
        var form = new LinkedHashMap<>(parameters);
        form.put("resource", resource);
        String authorization = null;
        var secret = client.secret();
        if (secret != null && isBasic()) {
            var pair = OAuthHttp.encode(client.id()) + ":" + OAuthHttp.encode(secret);
            authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        } else {
            form.put("client_id", client.id());
            if (secret != null) {
                form.put("client_secret", secret);
            }
        }
        var answer = OAuthHttp.postForm(server.token(), form, authorization);
        var tokens = answer.body();
        if (!answer.isSuccess() || tokens == null) {
            var message = "the authorization server " + server.issuer() + " gave no token (" + answer.error() + ")";
            throw answer.status() >= 400 && answer.status() < 500
                    ? new RefusedException(message)
                    : new OAuthException(message + ": try again later");
        }
        return grant(client, tokens, before);
    }

    /** The authorization server has refused, and would do so again. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private boolean isBasic() {
        return server.methods().isEmpty()
                || server.methods().contains("client_secret_basic")
                || !server.methods().contains("client_secret_post");
    }

    private OAuthGrant grant(McpOAuth.Client client, JsonNode tokens, @Nullable OAuthGrant before)
            throws OAuthException {
        var accessToken = tokens.path("access_token").asText("");
        if (accessToken.isEmpty()
                || accessToken.length() > MAX_TOKEN
                || accessToken.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new OAuthException(
                    "the authorization server " + server.issuer() + " gave a token that can't be sent in a header");
        }
        if (!tokens.path("token_type").asText("Bearer").equalsIgnoreCase("Bearer")) {
            throw new OAuthException("the authorization server " + server.issuer() + " gave a token of type "
                    + tokens.path("token_type").asText() + ": only Bearer tokens are supported");
        }
        var lifetime = tokens.path("expires_in");
        var refreshToken = tokens.path("refresh_token").asText("");
        return new OAuthGrant(
                server.issuer(),
                client.id(),
                client.secret(),
                accessToken,
                refreshToken.isEmpty() ? (before == null ? null : before.refreshToken()) : refreshToken,
                lifetime.asLong(0) > 0 ? Instant.now().plusSeconds(Math.min(lifetime.asLong(), MAX_LIFETIME)) : null,
                tokens.path("scope").asText(before == null ? null : before.scope()));
    }
}
