package dev.rein.tools.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.tools.ToolRun;
import dev.rein.tools.mcp.McpTools;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection gets its tokens from an authorization server. */
class McpOAuthTest {
    private final List<URI> shown = new CopyOnWriteArrayList<>();
    private final HttpClient browser =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    private AuthorizationTestServer authorization;
    private ProtectedMcpServer server;

    @BeforeEach
    void start() throws IOException {
        authorization = new AuthorizationTestServer();
        server = new ProtectedMcpServer(authorization);
    }

    @AfterEach
    void stop() {
        server.close();
        authorization.close();
        browser.shutdownNow();
    }

    /** A person who permits the access at once. */
    private McpOAuth person() {
        return McpOAuth.forPerson(LoopbackAuthorization.showing(url -> {
            shown.add(url);
            var _ = browser.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
        }));
    }

    private McpOAuth service() {
        return McpOAuth.forService(authorization.issuer(), "service", "s3cret:/");
    }

    private McpTools connect(McpOAuth oauth) throws IOException {
        return McpTools.http(server.url()).oauth(oauth).connect();
    }

    private static String call(McpTools mcp) throws Exception {
        return ToolRun.resultWith("go", "{}", mcp.tools());
    }

    private void failsToConnect(McpOAuth oauth, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connect(oauth))
                .withMessageContaining(message)
                .withMessageNotContaining("s3cret");
    }

    @Test
    void aPersonPermitsTheAccessInABrowser() throws Exception {
        try (var mcp = connect(person().withClientName("My assistant"))) {
            assertThat(call(mcp)).isEqualTo("done");
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(shown).hasSize(1);
        var asked = authorization.requests("/authorize").getFirst();
        assertThat(asked)
                .containsEntry("theme", "dark")
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "client-1")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("resource", server.url())
                .containsEntry("scope", "read");
        assertThat(asked.get("state")).hasSizeGreaterThan(40);
        var registration = authorization.registrations.getFirst();
        assertThat(registration.path("client_name").asText()).isEqualTo("My assistant");
        assertThat(registration.at("/redirect_uris/0").asText()).isEqualTo(asked.get("redirect_uri"));
        assertThat(authorization.tokenRequests("authorization_code")).hasSize(1);
        assertThat(server.tokensOf("tools/call")).hasSize(2);
        // The port that waited for the browser is closed.
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> browser.send(
                        HttpRequest.newBuilder(URI.create(asked.get("redirect_uri")))
                                .build(),
                        BodyHandlers.discarding()));
    }

    @Test
    void aServiceUsesItsCredentials() throws Exception {
        try (var mcp = connect(service().withScopes("crm", "mail"))) {
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(authorization.tokenRequests("client_credentials"))
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .containsEntry("scope", "crm mail")
                        .containsEntry("resource", server.url())
                        .doesNotContainKey("client_secret"));
        assertThat(server.rejected).containsExactly("null");
    }

    @Test
    void anExpiredTokenIsRefreshedBeforeTheNextCall() throws Exception {
        authorization.lifetime = 1;
        try (var mcp = connect(person())) {
            authorization.lifetime = 3_600;
            assertThat(call(mcp)).isEqualTo("done");
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(shown).hasSize(1);
        assertThat(authorization.tokenRequests("refresh_token"))
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request)
                        .containsEntry("client_id", "client-1")
                        .containsEntry("resource", server.url()));
        assertThat(server.tokensOf("tools/call")).hasSize(2).doesNotContain("access-2");
        assertThat(server.rejected).as("no request with an expired token").containsExactly("null");
    }

    @Test
    void aTokenThatIsRejectedInTheMiddleOfASessionIsRefreshedOnceForAllCalls() throws Exception {
        try (var mcp = connect(person())) {
            authorization.accessTokens.clear();
            var runs = new ArrayList<ToolRun>();
            for (int i = 0; i < 20; i++) {
                runs.add(ToolRun.startWith("go", "{}", mcp.tools()));
            }
            for (var run : runs) {
                assertThat(run.finish().result()).isEqualTo("done");
            }
        }
        assertThat(authorization.tokenRequests("refresh_token")).hasSize(1);
        assertThat(server.tokensOf("tools/call")).hasSize(20);
        assertThat(shown).hasSize(1);
    }

    @Test
    void aPersonIsAskedAgainWhenTheTokensCannotBeRefreshed() throws Exception {
        try (var mcp = connect(person())) {
            authorization.accessTokens.clear();
            authorization.refreshTokens.clear();
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(shown).hasSize(2);
    }

    @Test
    void moreScopeIsRequestedWhenACallNeedsIt() throws Exception {
        try (var mcp = connect(person())) {
            server.requiredScope = "write";
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(authorization.requests("/authorize").getLast()).containsEntry("scope", "read write");
    }

    @Test
    void aTokenThatIsNeverAcceptedEndsTheCall() throws Exception {
        try (var mcp = connect(service())) {
            var tools = mcp.tools();
            server.acceptsNothing = true;
            assertThat(ToolRun.errorWith("go", "{}", tools))
                    .contains("status 401", "does not accept the token that the authorization server gave");
            assertThat(authorization.tokenRequests("client_credentials")).hasSize(3);
        }
    }

    @Test
    void aNewConnectionUsesTheStoredTokens() throws Exception {
        var store = TokenStore.inMemory();
        connect(person().withTokens(store)).close();
        try (var mcp = connect(person().withTokens(store))) {
            assertThat(call(mcp)).isEqualTo("done");
        }
        assertThat(shown).hasSize(1);
        assertThat(server.rejected).containsExactly("null");
        var grant = store.load(server.url());
        assertThat(grant).isNotNull();
        assertThat(grant.toString()).doesNotContain("access-", "refresh-");
        assertThat(service().toString()).doesNotContain("s3cret");
    }

    @Test
    void whatLooksWrongIsRefusedAndNoSecretIsSent() throws Exception {
        var good = server.metadata;
        server.metadata = good.replace(server.url(), "http://127.0.0.1:1/mcp");
        failsToConnect(service(), "tokens for another server are not requested");
        server.metadata = good.replace(authorization.issuer(), "http://127.0.0.1:1/evil");
        failsToConnect(service(), "the client was registered at " + authorization.issuer());
        server.metadata = good.replace(authorization.issuer(), "http://auth.example.org");
        failsToConnect(person(), "it must be an https URL");
        server.metadata = good.replace(authorization.issuer(), "http://127.0.0.1.example.org");
        failsToConnect(person(), "it must be an https URL");
        server.metadata = good;

        var url = server.metadataUrl;
        server.metadataUrl = "http://127.0.0.1:1/.well-known/oauth-protected-resource";
        failsToConnect(service(), "names metadata of another host");
        server.metadataUrl = url;

        for (var wrong : Map.<Consumer<com.fasterxml.jackson.databind.node.ObjectNode>, String>of(
                        node -> node.put("issuer", "http://127.0.0.1:1"), "calls itself",
                        node -> node.put("token_endpoint", "http://example.org/token"), "must be an https URL",
                        node -> node.put("authorization_endpoint", "javascript:alert(1)"), "must be an https URL",
                        node -> node.remove("code_challenge_methods_supported"), "does not support PKCE",
                        node -> node.remove("registration_endpoint"), "registers no clients by itself")
                .entrySet()) {
            authorization.metadata = wrong.getKey();
            failsToConnect(person(), wrong.getValue());
        }
        assertThat(authorization.requests("/token")).isEmpty();
        assertThat(shown).isEmpty();
    }

    @Test
    void answersOfTheBrowserAreChecked() throws Exception {
        authorization.redirectSuffix = "?error=access_denied&error_description=no+thanks&state=STATE";
        failsToConnect(person(), "not permitted: access_denied, no thanks");
        authorization.redirectSuffix = "?code=CODE&state=STATE&iss=http://127.0.0.1:1";
        failsToConnect(person(), "sent back by \"http://127.0.0.1:1\"");
        authorization.redirectSuffix = "?state=STATE";
        failsToConnect(person(), "without a code");
        // An answer with another state is not that of the person: the right one is still waited for.
        authorization.redirectSuffix = "?code=CODE&state=other";
        failsToConnect(person().withPatience(Duration.ofMillis(500)), "did not answer within");
        assertThat(authorization.requests("/token")).isEmpty();
    }

    @Test
    void aRefusedClientIsReported() {
        failsToConnect(McpOAuth.forService(authorization.issuer(), "service", "s3cret-wrong"), "invalid_client");
    }

    @Test
    void aStopEndsTheQuestionToThePerson() throws Exception {
        var asked = new CountDownLatch(2);
        var ended = new CountDownLatch(1);
        var withdrawn = new CompletableFuture<Boolean>();
        var loopback = LoopbackAuthorization.showing(url -> {
            asked.countDown();
            if (shown.isEmpty()) {
                shown.add(url);
                var _ = browser.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
            }
        });
        UserAuthorization person = () -> {
            var attempt = loopback.begin();
            return new UserAuthorization.Attempt() {
                @Override
                public URI redirectUri() {
                    return attempt.redirectUri();
                }

                @Override
                public URI authorize(URI url) throws IOException, InterruptedException {
                    try {
                        return attempt.authorize(url);
                    } catch (InterruptedException e) {
                        withdrawn.complete(true);
                        throw e;
                    }
                }

                @Override
                public void close() {
                    attempt.close();
                    if (withdrawn.isDone() || asked.getCount() == 0) {
                        ended.countDown();
                    }
                }
            };
        };
        try (var mcp = connect(McpOAuth.forPerson(person))) {
            authorization.accessTokens.clear();
            authorization.refreshTokens.clear();
            var run = ToolRun.startWith("go", "{}", mcp.tools());
            asked.await();
            run.stop();
            ended.await();
            assertThat(withdrawn.get()).isTrue();
            assertThat(server.tokensOf("tools/call")).isEmpty();
        }
    }

    @Test
    void closingTheConnectionEndsTheQuestionToo() throws Exception {
        var withdrawn = new CountDownLatch(1);
        UserAuthorization never = () -> new UserAuthorization.Attempt() {
            @Override
            public URI redirectUri() {
                return URI.create("http://127.0.0.1:9/callback");
            }

            @Override
            public URI authorize(URI url) throws InterruptedException {
                shown.add(url);
                try {
                    new CountDownLatch(1).await();
                    return url;
                } finally {
                    withdrawn.countDown();
                }
            }

            @Override
            public void close() {}
        };
        var failure = new CompletableFuture<Exception>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                connect(McpOAuth.forPerson(never)).close();
            } catch (Exception e) {
                failure.complete(e);
            }
        });
        await().until(() -> !shown.isEmpty());
        thread.interrupt();
        assertThat(failure.get()).isInstanceOf(IOException.class).hasMessageContaining("interrupted");
        withdrawn.await();
    }

    /** Waits for a person who takes twice the timeout of a response. */
    private McpTools connectWithSlowPerson(Duration timeout) throws IOException {
        var slow = McpOAuth.forPerson(LoopbackAuthorization.showing(url -> CompletableFuture.delayedExecutor(
                        timeout.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    var _ = browser.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
                })));
        return McpTools.http(server.url()).oauth(slow).connectTimeout(timeout).connect();
    }

    @Test
    void aPersonMayTakeLongerThanTheTimeoutOfAResponse() throws Exception {
        // On a slow machine a response takes longer than a short timeout.
        for (var timeout = Duration.ofMillis(300); ; timeout = timeout.multipliedBy(4)) {
            try (var mcp = connectWithSlowPerson(timeout)) {
                assertThat(mcp.tools()).hasSize(1);
                return;
            } catch (IOException e) {
                if (timeout.toSeconds() > 15) {
                    throw e;
                }
            }
        }
    }

    @Test
    void noTokenIsSentToAnotherHost() throws Exception {
        try (var other = new ProtectedMcpServer(authorization);
                var mcp = connect(service())) {
            server.redirect = other.url();
            assertThat(ToolRun.errorWith("go", "{}", mcp.tools())).contains("status 307");
            assertThat(other.accepted).isEmpty();
            assertThat(other.rejected).isEmpty();
        }
    }

    @Test
    void aRunMayHaveATokenOfItsOwn() throws Exception {
        try (var mcp = McpTools.http(server.url())
                .oauth(service())
                .headersPerRun(context -> Map.of("authorization", "Bearer of-the-run"))
                .connect()) {
            assertThat(call(mcp)).isEqualTo("done");
            assertThat(server.tokensOf("tools/call")).containsExactly("of-the-run");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McpTools.http("http://mcp.example.org/mcp").oauth(service()))
                .withMessageContaining("without encryption");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McpTools.stdio("server").oauth(service()))
                .withMessageContaining("environment(..)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoopbackAuthorization.showing(url -> {}).withPort(-1));
    }
}
