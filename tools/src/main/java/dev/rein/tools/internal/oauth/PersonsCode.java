package dev.rein.tools.internal.oauth;

import dev.rein.text.PlainText;
import dev.rein.tools.mcp.oauth.McpOAuth;
import dev.rein.tools.mcp.oauth.OAuthException;
import dev.rein.tools.mcp.oauth.OAuthGrant;
import dev.rein.tools.mcp.oauth.UserAuthorization;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gets tokens with the permission of a person: the authorization code grant with PKCE (RFC 7636). Used by one thread at a time. */
final class PersonsCode {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String METHOD = "S256";

    private final McpOAuth settings;
    private @Nullable Registration registered;

    /** A client that was registered for an address to which a browser is sent back. */
    private record Registration(McpOAuth.Client client, URI redirectUri) {}

    PersonsCode(McpOAuth settings) {
        this.settings = settings;
    }

    OAuthGrant request(UserAuthorization person, AuthorizationServer server, String resource, List<String> scopes)
            throws IOException, InterruptedException {
        var page = server.authorization();
        if (page == null || !server.challengeMethods().contains(METHOD)) {
            throw new OAuthException("the authorization server " + server.issuer()
                    + (page == null ? " has no authorization_endpoint" : " does not support PKCE with " + METHOD)
                    + ": it can't be used for people");
        }
        var requests = new TokenRequests(server, resource);
        try (var attempt = person.begin()) {
            var redirectUri = attempt.redirectUri();
            var client = client(requests, server, redirectUri);
            var state = random();
            var verifier = random();
            var query = new LinkedHashMap<String, String>();
            query.put("response_type", "code");
            query.put("client_id", client.id());
            query.put("redirect_uri", redirectUri.toString());
            query.put("state", state);
            query.put("code_challenge", challenge(verifier));
            query.put("code_challenge_method", METHOD);
            query.put("resource", resource);
            if (!scopes.isEmpty()) {
                query.put("scope", String.join(" ", scopes));
            }
            var url = URI.create(page + (page.getRawQuery() == null ? "?" : "&") + OAuthHttp.encode(query));
            var answer = answer(attempt, url, settings.patience());
            return requests.exchange(client, code(server, answer, state), redirectUri, verifier);
        }
    }

    private McpOAuth.Client client(TokenRequests requests, AuthorizationServer server, URI redirectUri)
            throws IOException, InterruptedException {
        var given = settings.client();
        if (given != null) {
            return given;
        }
        var known = registered;
        if (known == null
                || !known.redirectUri().equals(redirectUri)
                || !known.client().issuer().equals(server.issuer())) {
            known = new Registration(requests.register(settings.clientName(), redirectUri), redirectUri);
            registered = known;
        }
        return known.client();
    }

    private static URI answer(UserAuthorization.Attempt attempt, URI url, Duration patience)
            throws IOException, InterruptedException {
        var task = new FutureTask<>(() -> attempt.authorize(url));
        var thread = Thread.ofVirtual().name("rein-mcp-authorize").start(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new OAuthException("the person could not be asked: " + PlainText.message(cause), cause);
        } catch (TimeoutException e) {
            throw new OAuthException(
                    "the person did not answer within " + patience.toSeconds()
                            + " s: try again, or set another time with McpOAuth.withPatience(..)",
                    e);
        } finally {
            thread.interrupt();
        }
    }

    private static String code(AuthorizationServer server, URI answer, String state) throws OAuthException {
        var query = query(answer);
        if (!state.equals(query.get("state"))) {
            throw new OAuthException(
                    "the browser was sent back with another state than it was sent with: the answer is not used");
        }
        var issuer = query.get("iss");
        if (issuer == null ? server.namesItself() : !issuer.equals(server.issuer())) {
            throw new OAuthException("the browser was sent back by \"" + issuer + "\" and not by " + server.issuer()
                    + ": the answer is not used");
        }
        if (query.containsKey("error")) {
            throw new OAuthException("the access was not permitted: " + query.get("error")
                    + (query.containsKey("error_description") ? ", " + query.get("error_description") : ""));
        }
        var code = query.get("code");
        if (code == null || code.isEmpty()) {
            throw new OAuthException("the browser was sent back without a code");
        }
        return code;
    }

    private static Map<String, String> query(URI uri) {
        var found = new LinkedHashMap<String, String>();
        var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (var pair : query.split("&")) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                found.putIfAbsent(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
