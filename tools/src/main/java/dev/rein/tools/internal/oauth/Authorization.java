package dev.rein.tools.internal.oauth;

import dev.rein.text.PlainText;
import dev.rein.tools.mcp.oauth.McpOAuth;
import dev.rein.tools.mcp.oauth.OAuthException;
import dev.rein.tools.mcp.oauth.OAuthGrant;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a connection to an MCP server. They are loaded, refreshed and requested on a thread of their own, one at a time; all who need a
 * token wait for the same one, and when nobody waits any more the work ends. Thread-safe.
 */
public final class Authorization implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Authorization.class);

    /** A token is refreshed so long before it expires. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final McpOAuth settings;
    private final Discovery discovery;
    private final PersonsCode personsCode;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable OAuthGrant grant;
    private volatile boolean isLoaded;
    private @Nullable Flow current;
    private boolean closed;

    /** @param server the URL of the MCP server */
    public Authorization(McpOAuth settings, URI server) {
        if (!OAuthHttp.isSecure(server)) {
            throw new IllegalArgumentException(
                    "the MCP server " + server + " would be sent tokens without encryption: use an https URL");
        }
        this.settings = settings;
        this.discovery = new Discovery(server);
        this.personsCode = new PersonsCode(settings);
    }

    /** Somebody who waits for a token; closed when it is no longer needed. */
    public final class Waiter implements AutoCloseable {
        private final CompletableFuture<@Nullable String> token;
        private final @Nullable Flow flow;
        private boolean left;

        private Waiter(CompletableFuture<@Nullable String> token, @Nullable Flow flow) {
            this.token = token;
            this.flow = flow;
        }

        /** The token; null if none is known and the server has not asked for one. Fails with an IOException. */
        public CompletableFuture<@Nullable String> token() {
            return token;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (flow == null || left) {
                    return;
                }
                left = true;
                flow.waiting--;
                if (flow.waiting > 0 || flow.token.isDone()) {
                    return;
                }
                if (current == flow) {
                    current = null;
                }
            } finally {
                lock.unlock();
            }
            flow.end("nobody waits for the token any more");
        }
    }

    /** The work for a token. */
    private static final class Flow {
        private final CompletableFuture<@Nullable String> token = new CompletableFuture<>();
        private volatile @Nullable Thread thread;
        private int waiting;

        void end(String reason) {
            token.completeExceptionally(new OAuthException(reason));
            var worker = thread;
            if (worker != null) {
                worker.interrupt();
            }
        }
    }

    /** The last token, without waiting; null if there is none. */
    public @Nullable String known() {
        var last = grant;
        return last == null ? null : last.accessToken();
    }

    /** Whether a token is being requested, which may take a person's time. */
    public boolean isWorking() {
        lock.lock();
        try {
            return current != null && !current.token.isDone();
        } finally {
            lock.unlock();
        }
    }

    /** The token to be sent: the stored one, refreshed if it has expired. The server may not want one. */
    public Waiter token() {
        var last = grant;
        if (isLoaded && (last == null || !isExpired(last))) {
            return new Waiter(CompletableFuture.completedFuture(last == null ? null : last.accessToken()), null);
        }
        return join(null, null);
    }

    /**
     * Another token than the one that the server has rejected.
     *
     * @param rejected null if there was none
     */
    public Waiter renewed(@Nullable String rejected, Challenge challenge) {
        return join(rejected, challenge);
    }

    /** @param challenge null if the server has not asked yet */
    private Waiter join(@Nullable String rejected, @Nullable Challenge challenge) {
        lock.lock();
        try {
            if (closed) {
                return new Waiter(CompletableFuture.failedFuture(new OAuthException("the connection is closed")), null);
            }
            var last = grant;
            if (challenge != null && last != null && !last.accessToken().equals(rejected) && !isExpired(last)) {
                return new Waiter(CompletableFuture.completedFuture(last.accessToken()), null);
            }
            var flow = current;
            if (flow == null || flow.token.isDone()) {
                var fresh = new Flow();
                current = fresh;
                flow = fresh;
                fresh.thread =
                        Thread.ofVirtual().name("rein-mcp-token").unstarted(() -> work(fresh, rejected, challenge));
                fresh.thread.start();
            }
            flow.waiting++;
            return new Waiter(flow.token, flow);
        } finally {
            lock.unlock();
        }
    }

    private void work(Flow flow, @Nullable String rejected, @Nullable Challenge challenge) {
        try {
            flow.token.complete(challenge == null ? loaded() : requested(rejected, challenge));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            flow.token.completeExceptionally(new OAuthException("the request for a token was ended", e));
        } catch (TokenRequests.RefusedException e) {
            flow.token.completeExceptionally(
                    new OAuthException(e.getMessage() + ": check the client and the scopes", e));
        } catch (Throwable e) {
            // Of code of the user's too: others wait for this.
            flow.token.completeExceptionally(
                    e instanceof IOException ? e : new OAuthException("no token: " + PlainText.message(e), e));
        }
    }

    private @Nullable String loaded() throws IOException, InterruptedException {
        var stored = stored();
        if (stored == null || !isExpired(stored)) {
            return stored == null ? null : stored.accessToken();
        }
        var refreshed = refreshed(stored);
        // An expired token is sent all the same: the answer says what the server demands.
        return refreshed == null ? stored.accessToken() : refreshed;
    }

    private @Nullable OAuthGrant stored() throws IOException {
        if (!isLoaded) {
            grant = settings.tokens().load(discovery.resource());
            isLoaded = true;
        }
        return grant;
    }

    private String requested(@Nullable String rejected, Challenge challenge) throws IOException, InterruptedException {
        var stored = stored();
        if (stored != null && !challenge.wantsMoreScope()) {
            if (!stored.accessToken().equals(rejected) && !isExpired(stored)) {
                return stored.accessToken();
            }
            var refreshed = refreshed(stored);
            if (refreshed != null) {
                return refreshed;
            }
        }
        var resource = discovery.resource(challenge);
        var server = discovery.authorizationServer(issuer(resource));
        var scopes = scopes(resource, challenge, stored);
        var person = settings.person();
        var client = settings.client();
        if (person != null) {
            return keep(personsCode.request(person, server, resource.resource(), scopes));
        }
        if (client == null) {
            throw new IllegalStateException("settings without a person have a client");
        }
        return keep(new TokenRequests(server, resource.resource()).ofService(client, scopes));
    }

    /** @return null if the tokens can't be refreshed, and are to be requested anew */
    private @Nullable String refreshed(OAuthGrant stored) throws IOException, InterruptedException {
        var client = settings.client();
        if (stored.refreshToken() == null || (client != null && !client.issuer().equals(stored.issuer()))) {
            return null;
        }
        try {
            var server = discovery.authorizationServer(stored.issuer());
            return keep(
                    new TokenRequests(server, discovery.resource(Challenge.NONE).resource()).refresh(stored));
        } catch (TokenRequests.RefusedException e) {
            log.debug("The tokens for {} could not be refreshed: {}", discovery.resource(), e.getMessage());
            return null;
        }
    }

    private String keep(OAuthGrant fresh) {
        grant = fresh;
        try {
            settings.tokens().save(discovery.resource(), fresh);
        } catch (IOException | RuntimeException e) {
            log.warn("The tokens for {} could not be stored: {}", discovery.resource(), PlainText.message(e));
        }
        return fresh.accessToken();
    }

    private String issuer(Discovery.Resource resource) throws OAuthException {
        var client = settings.client();
        var offered = resource.issuers();
        if (client == null) {
            return discovery.firstIssuer(resource);
        }
        if (!offered.isEmpty() && !offered.contains(client.issuer())) {
            throw new OAuthException("the MCP server " + discovery.resource() + " accepts tokens of " + offered
                    + " and the client was registered at " + client.issuer() + ": give a client of one of these");
        }
        return client.issuer();
    }

    private List<String> scopes(Discovery.Resource resource, Challenge challenge, @Nullable OAuthGrant stored) {
        var scopes = new LinkedHashSet<>(settings.scopes());
        if (challenge.wantsMoreScope() && stored != null && stored.scope() != null) {
            scopes.addAll(words(stored.scope()));
        }
        if (challenge.scope() != null) {
            scopes.addAll(words(challenge.scope()));
        }
        return scopes.isEmpty() ? resource.scopes() : new ArrayList<>(scopes);
    }

    private static List<String> words(String scope) {
        return List.of(scope.strip().split("\\s+"));
    }

    private static boolean isExpired(OAuthGrant grant) {
        var end = grant.expiresAt();
        return end != null && Instant.now().plus(MARGIN).isAfter(end);
    }

    /** Ends what is being done. */
    @Override
    public void close() {
        @Nullable Flow last;
        lock.lock();
        try {
            closed = true;
            last = current;
        } finally {
            lock.unlock();
        }
        if (last != null && !last.token.isDone()) {
            last.end("the connection is closed");
        }
    }
}
