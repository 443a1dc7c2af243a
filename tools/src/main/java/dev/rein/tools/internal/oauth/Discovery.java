package dev.rein.tools.internal.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.tools.mcp.oauth.OAuthException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the authorization server of an MCP server, and its endpoints. What was found is kept. Thread-safe. */
final class Discovery {
    private final URI server;
    private final Map<String, AuthorizationServer> found = new ConcurrentHashMap<>();

    /**
     * What an MCP server says of itself (RFC 9728).
     *
     * @param resource the name that tokens are requested for
     * @param issuers of tokens; empty if it says none
     * @param scopes that it knows
     */
    record Resource(String resource, List<String> issuers, List<String> scopes) {}

    /** @param server the URL of the MCP server */
    Discovery(URI server) {
        this.server = server;
    }

    /** The name of the MCP server: its URL without a fragment. */
    String resource() {
        var text = server.toString();
        var fragment = text.indexOf('#');
        return fragment < 0 ? text : text.substring(0, fragment);
    }

    private String origin() {
        return server.getScheme() + "://" + server.getRawAuthority();
    }

    Resource resource(Challenge challenge) throws IOException, InterruptedException {
        var addresses = new ArrayList<URI>();
        if (challenge.resourceMetadata() != null) {
            var named = OAuthHttp.endpoint("the address of the metadata of " + server, challenge.resourceMetadata());
            if (!sameOrigin(named)) {
                throw new OAuthException("the MCP server " + server + " names metadata of another host, " + named
                        + ": it must be on its own");
            }
            addresses.add(named);
        } else {
            var path = path(server);
            addresses.add(URI.create(origin() + "/.well-known/oauth-protected-resource" + path));
            if (!path.isEmpty()) {
                addresses.add(URI.create(origin() + "/.well-known/oauth-protected-resource"));
            }
        }
        for (var address : addresses) {
            var answer = OAuthHttp.get(address);
            if (answer.isSuccess()) {
                return checked(Objects.requireNonNull(answer.body()));
            }
        }
        return new Resource(resource(), List.of(), List.of());
    }

    private Resource checked(JsonNode metadata) throws OAuthException {
        var named = metadata.path("resource").asText("");
        var own = resource();
        var isOwn = named.equals(own)
                || named.equals(origin())
                || own.startsWith(named.endsWith("/") ? named : named + "/")
                || own.startsWith(named + "?");
        if (named.isEmpty() || !named.startsWith(origin()) || !isOwn) {
            throw new OAuthException("the metadata of the MCP server " + server + " is that of \"" + named
                    + "\": tokens for another server are not requested");
        }
        return new Resource(
                named, texts(metadata.path("authorization_servers")), texts(metadata.path("scopes_supported")));
    }

    /** The authorization server that the MCP server names first, where nobody has chosen one. */
    String firstIssuer(Resource resource) throws OAuthException {
        var issuer =
                resource.issuers().isEmpty() ? ownIssuer() : resource.issuers().getFirst();
        var what = "the authorization server of " + server;
        OAuthHttp.requireNotLocal(what, server, OAuthHttp.endpoint(what, issuer));
        return issuer;
    }

    private boolean sameOrigin(URI other) {
        return other.getScheme().equalsIgnoreCase(server.getScheme())
                && other.getHost().equalsIgnoreCase(server.getHost())
                && other.getPort() == server.getPort();
    }

    /** The origin as an issuer: servers of an earlier version of the protocol are their own authorization servers. */
    private String ownIssuer() {
        return origin();
    }

    AuthorizationServer authorizationServer(String issuer) throws IOException, InterruptedException {
        var known = found.get(issuer);
        if (known != null) {
            return known;
        }
        var uri = OAuthHttp.endpoint("the authorization server", issuer);
        var origin = uri.getScheme() + "://" + uri.getRawAuthority();
        var path = path(uri);
        for (var address : List.of(
                origin + "/.well-known/oauth-authorization-server" + path,
                origin + "/.well-known/openid-configuration" + path,
                origin + path + "/.well-known/openid-configuration")) {
            var answer = OAuthHttp.get(URI.create(address));
            if (answer.isSuccess()) {
                var metadata = AuthorizationServer.of(issuer, Objects.requireNonNull(answer.body()));
                found.put(issuer, metadata);
                return metadata;
            }
        }
        throw new OAuthException("the authorization server " + issuer + " publishes no metadata at "
                + "/.well-known/oauth-authorization-server or /.well-known/openid-configuration: it can't be used");
    }

    private static String path(URI uri) {
        var path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static List<String> texts(@Nullable JsonNode list) {
        return list == null
                ? List.of()
                : list.valueStream()
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .toList();
    }
}
