package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthTest {
    private static final RSAKey KEY = key();

    private final ScriptedModel model =
            ScriptedModel.of(Script.text("one two ").thenHang()).repeating();
    private AgentOS os = AgentOS.builder().name("unused").port(0).build();

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem() throws JOSEException {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(KEY.toPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private TestClient start(AgentOSBuilder builder) {
        os = builder.name("Guarded")
                .port(0)
                .agents(
                        Agent.builder()
                                .storeWait(Duration.ofMinutes(1))
                                .name("Writer")
                                .model(model)
                                .build(),
                        Agent.builder()
                                .storeWait(Duration.ofMinutes(1))
                                .name("Reader")
                                .model(model)
                                .build())
                .build()
                .start();
        return new TestClient(os);
    }

    @AfterEach
    void close() {
        Runs.shared().live().forEach(run -> Runs.shared().cancel(run.runId(), dev.rein.cancel.CancelRequest.now()));
        os.close();
    }

    private static String token(String user, String... scopes) throws JOSEException {
        var claims = new JWTClaimsSet.Builder()
                .subject(user)
                .claim("scopes", List.of(scopes))
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .build();
        var token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
        token.sign(new RSASSASigner(KEY));
        return token.serialize();
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String token) {
        return request.header("Authorization", "Bearer " + token);
    }

    @Test
    void protectedRoutesRequireTheKey() {
        var http = start(AgentOS.builder().securityKey("s3cret"));
        assertThat(http.get("/health").status()).isEqualTo(200);
        assertThat(http.get("/info").json().path("auth_mode").asText()).isEqualTo("security_key");
        assertThat(http.get("/agents"))
                .returns(401, TestClient.Answer::status)
                .returns("{\"detail\":\"Authorization header required\"}", TestClient.Answer::body);
        for (var wrong : List.of("s3cre", "s3cret1", "S3CRET", "s3creT")) {
            assertThat(http.send(with(http.request("/agents"), wrong).build()))
                    .as(wrong)
                    .returns(401, TestClient.Answer::status)
                    .returns("{\"detail\":\"Invalid authentication token\"}", TestClient.Answer::body);
        }
    }

    /** Jetty caches the header fields of a connection, by default ignoring the case of their values. */
    @Test
    void theKeyIsCaseSensitiveWhateverWasSentBeforeOnTheConnection() throws Exception {
        start(AgentOS.builder().securityKey("s3cret"));
        try (var connection = new RawConnection(os.port())) {
            for (var round = 0; round < 2; round++) {
                for (var key : List.of("S3CRET", "s3cret", "s3creT")) {
                    var request =
                            "GET /agents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
                    assertThat(connection.send(request))
                            .startsWith(key.equals("s3cret") ? "HTTP/1.1 200 " : "HTTP/1.1 401 ");
                }
            }
        }
    }

    @Test
    void theRightKeyIsAccepted() {
        var http = start(AgentOS.builder().securityKey("s3cret"));
        assertThat(http.send(with(http.request("/agents"), "s3cret").build()).status())
                .isEqualTo(200);
    }

    @Test
    void headReturnsTheHeadersOfGet() {
        var http = start(AgentOS.builder().securityKey("s3cret"));
        var head = http.request("/agents").method("HEAD", HttpRequest.BodyPublishers.noBody());
        assertThat(http.send(head.build()).status()).isEqualTo(401);
        var allowed = http.send(with(head, "s3cret").build());
        var whole = http.send(with(http.request("/agents"), "s3cret").build());
        assertThat(allowed).returns(200, TestClient.Answer::status).returns("", TestClient.Answer::body);
        for (var name : List.of("Content-Type", "Content-Length")) {
            assertThat(allowed.header(name)).isEqualTo(whole.header(name));
        }
        var absent = http.request("/agents/nobody").method("HEAD", HttpRequest.BodyPublishers.noBody());
        assertThat(http.send(with(absent, "s3cret").build()).status()).isEqualTo(404);
    }

    @Test
    void aPublicHostRequiresAuthentication() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentOS.builder().host("0.0.0.0").build())
                .withMessageContaining("0.0.0.0")
                .withMessageContaining("OS_SECURITY_KEY");
        AgentOS.builder().host("0.0.0.0").securityKey("k").build();
        AgentOS.builder().host("0.0.0.0").insecure(true).build();
    }

    @Test
    void aForeignOriginCanNotStartARun() {
        var http = start(AgentOS.builder());
        var foreign = http.request("/agents/writer/runs")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("message=hi"))
                .build();
        assertThat(http.send(foreign).status()).isEqualTo(403);
        assertThat(Runs.shared().live()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "agents:read, 200, 403, 2",
        "agents:*:read, 200, 403, 2",
        "agents:writer:read, 200, 403, 1",
        "agents:run, 403, 202, 0",
        "agent_os:admin, 200, 202, 2",
        "teams:read, 403, 403, 0"
    })
    void scopesDecideWhatATokenAllows(String scope, int reading, int running, int seen) throws Exception {
        var http = start(AgentOS.builder().jwt(JwtAuth.key(pem())).store(new dev.rein.session.InMemorySessionStore()));
        var list = http.send(with(http.request("/agents"), token("ann", scope)).build());
        assertThat(list.status()).isEqualTo(reading);
        if (reading == 200) {
            assertThat(list.json()).hasSize(seen);
        }
        var run = http.send(with(http.request("/agents/writer/runs"), token("ann", scope))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("message=hi&background=true&stream=false"))
                .build());
        assertThat(run.status()).isEqualTo(running);
        if (running == 403) {
            assertThat(run.body())
                    .isEqualTo("{\"detail\":\"Insufficient permissions. Required scope(s): agents:run\"}");
        }
    }

    @Test
    void tokensOfAnotherKeyOrAlgorithmAreRefused() throws Exception {
        var http = start(AgentOS.builder().jwt(JwtAuth.key(pem())));
        var good = token("ann", "agents:read");
        var parts = good.split("\\.");
        var none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes()) + "."
                + parts[1] + ".";
        for (var bad : List.of(none, parts[0] + "." + parts[1] + ".AAAA", "nonsense", "a.b.c")) {
            var answer = http.send(with(http.request("/agents"), bad).build());
            assertThat(answer.status()).as(bad).isEqualTo(401);
            assertThat(answer.json().path("detail").asText()).startsWith("Invalid token");
        }
        assertThat(http.get("/agents").json().path("detail").asText()).isEqualTo("Authorization header missing");
    }

    @Test
    void aJwksFileMayContainUnsuitableKeys(@TempDir Path folder) throws Exception {
        var others = List.of(
                new ECKeyGenerator(Curve.P_256).keyID("ec").generate(),
                new OctetSequenceKeyGenerator(256).generate(),
                new RSAKeyGenerator(2048).keyUse(KeyUse.ENCRYPTION).generate(),
                new RSAKeyGenerator(2048).keyID("older").generate());
        var keys = new ArrayList<JWK>(others);
        keys.add(KEY);
        var file = Files.writeString(folder.resolve("jwks.json"), new JWKSet(keys).toString(true));
        var http = start(AgentOS.builder().jwt(JwtAuth.jwksFile(file)));
        assertThat(http.send(with(http.request("/agents"), token("ann", "agents:read"))
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(http.send(http.request("/agents")
                                .header("Authorization", "bearer " + token("ann", "agents:read"))
                                .build())
                        .status())
                .isEqualTo(200);
        Files.writeString(file, new JWKSet(others.subList(0, 2)).toString(true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentOS.builder().jwt(JwtAuth.jwksFile(file)).build())
                .withMessageContaining("RS256");
    }

    @Test
    void aSecretThatIsTooShortIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentOS.builder()
                        .jwt(JwtAuth.key("short").algorithm("HS256"))
                        .build())
                .withMessageContaining("32");
    }

    @Test
    void anUnstoredRunOfAnotherUserIsNotFound() throws Exception {
        var http = start(AgentOS.builder().jwt(JwtAuth.key(pem()).userIsolation(true)));
        var ann = token("ann", "agents:run", "runs:read");
        var bob = token("bob", "agents:run", "runs:read");
        var started = Thread.ofVirtual()
                .start(() -> http.send(with(http.request("/agents/writer/runs"), ann)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("message=hi&session_id=s1&user_id=mallory"))
                        .build()));
        await().until(() -> !Runs.shared().live().isEmpty());
        var run = Runs.shared().live().getFirst();
        assertThat(run.userId()).isEqualTo("ann");
        var path = "/agents/writer/runs/" + run.runId() + "/cancel?session_id=s1";
        assertThat(post(http, path, bob).status()).isEqualTo(404);
        assertThat(http.send(with(http.request("/runs"), bob).build()).json().path("data"))
                .isEmpty();
        assertThat(post(http, "/agents/writer/runs/" + run.runId() + "/cancel", ann))
                .returns(400, TestClient.Answer::status);
        assertThat(Runs.shared().live()).hasSize(1);
        assertThat(post(http, path, ann).json().path("effective").asBoolean()).isTrue();
        started.join();
    }

    private static TestClient.Answer post(TestClient http, String path, String token) {
        return http.send(with(http.request(path), token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }
}
