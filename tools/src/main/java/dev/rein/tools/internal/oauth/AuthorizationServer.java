package dev.rein.tools.internal.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.tools.mcp.oauth.OAuthException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an authorization server (RFC 8414). Immutable.
 *
 * @param issuer its name
 * @param authorization the page for people; null if it has none
 * @param token the endpoint for tokens
 * @param registration the endpoint for new clients; null if it has none
 * @param methods how clients may identify themselves; empty if it does not say
 * @param challengeMethods of PKCE
 * @param namesItself whether it names itself when it sends a browser back (RFC 9207)
 */
record AuthorizationServer(
        String issuer,
        @Nullable URI authorization,
        URI token,
        @Nullable URI registration,
        List<String> methods,
        List<String> challengeMethods,
        boolean namesItself) {

    static AuthorizationServer of(String issuer, JsonNode metadata) throws OAuthException {
        var named = metadata.path("issuer").asText();
        if (!named.equals(issuer)) {
            throw new OAuthException("the authorization server " + issuer + " calls itself \"" + named
                    + "\": give it by that name, if it is the right one");
        }
        return new AuthorizationServer(
                issuer,
                optional(metadata, "authorization_endpoint"),
                endpoint(
                        issuer,
                        "token_endpoint",
                        metadata.path("token_endpoint").asText()),
                optional(metadata, "registration_endpoint"),
                Discovery.texts(metadata.path("token_endpoint_auth_methods_supported")),
                Discovery.texts(metadata.path("code_challenge_methods_supported")),
                metadata.path("authorization_response_iss_parameter_supported").asBoolean());
    }

    private static @Nullable URI optional(JsonNode metadata, String key) throws OAuthException {
        return metadata.path(key).isTextual()
                ? endpoint(
                        metadata.path("issuer").asText(),
                        key,
                        metadata.path(key).textValue())
                : null;
    }

    private static URI endpoint(String issuer, String key, String address) throws OAuthException {
        var what = "the " + key + " of " + issuer;
        var uri = OAuthHttp.endpoint(what, address);
        OAuthHttp.requireNotLocal(what, OAuthHttp.endpoint("the authorization server", issuer), uri);
        return uri;
    }
}
