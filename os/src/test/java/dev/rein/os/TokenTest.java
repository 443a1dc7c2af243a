package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the claims and keys of tokens must be. */
class TokenTest {
    private final ScriptedModel model =
            ScriptedModel.of(Script.text("one ").thenHang()).repeating();
    private AgentOS os = AgentOS.builder().port(0).build();

    private TestClient start(JwtAuth auth) {
        var writer = Agent.builder().name("Writer").model(model).build();
        os = AgentOS.builder()
                .port(0)
                .agents(writer)
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("one", writer))
                        .build())
                .jwt(auth)
                .build()
                .start();
        return new TestClient(os);
    }

    @AfterEach
    void close() {
        Runs.shared().live().forEach(run -> Runs.shared().cancel(run.runId(), dev.rein.cancel.CancelRequest.now()));
        os.close();
    }

    private static Date in(Duration time) {
        return Date.from(Instant.now().plus(time));
    }

    private static TestClient.Answer agents(TestClient http, JWTClaimsSet.Builder claims) {
        return http.send(http.request("/agents")
                .header("Authorization", "Bearer " + TestTokens.sign(claims.build()))
                .build());
    }

    @Test
    void aTokenMustExpire() {
        var http = start(TestTokens.AUTH);
        var claims = TestTokens.claims("ann", "agents:read");
        assertThat(agents(http, claims))
                .returns(401, TestClient.Answer::status)
                .extracting(TestClient.Answer::body)
                .asString()
                .contains("exp");
        assertThat(agents(http, claims.expirationTime(in(Duration.ofMinutes(5))))
                        .status())
                .isEqualTo(200);
        assertThat(agents(http, claims.expirationTime(in(Duration.ofMinutes(-5))))
                        .status())
                .isEqualTo(401);
        assertThat(agents(
                                http,
                                claims.expirationTime(in(Duration.ofMinutes(9)))
                                        .notBeforeTime(in(Duration.ofMinutes(5))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tokensThatNeverExpireMayBeAllowed() {
        var http = start(TestTokens.AUTH.requireExpiration(false));
        var claims = TestTokens.claims("ann", "agents:read");
        assertThat(agents(http, claims).status()).isEqualTo(200);
        assertThat(agents(http, claims.expirationTime(in(Duration.ofMinutes(-5))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() {
        var http = start(TestTokens.AUTH.audience("my-os"));
        var claims = TestTokens.claims("ann", "agents:read").expirationTime(in(Duration.ofMinutes(5)));
        assertThat(agents(http, claims).status()).isEqualTo(401);
        assertThat(agents(http, claims.audience("other-os")).status()).isEqualTo(401);
        assertThat(agents(http, claims.audience(List.of("other-os", "my-os"))).status())
                .isEqualTo(200);
    }

    @Test
    void theAudienceIsReadFromTheEnvironment() {
        var auth = JwtAuth.fromEnvironment(Map.of("JWT_VERIFICATION_KEY", "pem", "JWT_AUDIENCE", "my-os"));
        assertThat(auth.audience()).isEqualTo("my-os");
        assertThat(auth.requireExpiration()).isTrue();
        assertThat(JwtAuth.fromEnvironment(Map.of("JWT_JWKS_FILE", "keys.json")).audience())
                .isNull();
        assertThat(JwtAuth.fromEnvironment(Map.of("JWT_AUDIENCE", "my-os"))).isNull();
    }

    @Test
    void theUserOfATokenMustBeAnId() {
        var http = start(TestTokens.AUTH);
        for (var user : List.of("ann\n09:00 ERROR", "\u001b[2J", "\u0085", " ", "x".repeat(257))) {
            var claims = TestTokens.claims(user, "agents:read").expirationTime(in(Duration.ofMinutes(5)));
            assertThat(agents(http, claims))
                    .returns(401, TestClient.Answer::status)
                    .extracting(TestClient.Answer::body)
                    .asString()
                    .contains("sub", "256 characters");
        }
    }

    private static void refused(JwtAuth auth, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentOS.builder().jwt(auth).build())
                .withMessageContainingAll(words);
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** Whoever knows the public key could sign tokens with it. */
    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        var rsa = new RSAKeyGenerator(2048).generate();
        var ec = new ECKeyGenerator(Curve.P_256).generate();
        for (var text : List.of(
                pem(rsa.toPublicKey()),
                pem(rsa.toPublicKey()).replace("\n", "\\n"),
                " " + pem(ec.toPublicKey()),
                Base64.getEncoder().encodeToString(rsa.toPublicKey().getEncoded()),
                Base64.getMimeEncoder().encodeToString(ec.toPublicKey().getEncoded()),
                rsa.toPublicJWK().toJSONString(),
                "-----BEGIN CERTIFICATE-----\nMIIB" + "A".repeat(80) + "\n-----END CERTIFICATE-----",
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 ann@example")) {
            for (var algorithm : List.of("HS256", "HS384", "HS512")) {
                refused(JwtAuth.key(text).algorithm(algorithm), algorithm, "public key", "RS256");
            }
            refused(TestTokens.AUTH.alsoKey(text), "public key");
        }
        AgentOS.builder()
                .jwt(JwtAuth.key(Base64.getEncoder().encodeToString(new byte[48]))
                        .algorithm("HS256"))
                .build();
    }

    @Test
    void anUnknownAlgorithmIsRefused() {
        for (var name : List.of("none", "RS257", "hs256", "")) {
            refused(TestTokens.AUTH.algorithm(name), "\"" + name + "\"", "RS256");
        }
    }

    // ---- sockets

    @Test
    void aSocketIsClosedWhenItsTokenExpires() throws Exception {
        start(TestTokens.AUTH);
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            var claims = TestTokens.claims("ann", "workflows:run").expirationTime(in(Duration.ofSeconds(5)));
            socket.send("{'action':'authenticate','token':'" + TestTokens.sign(claims.build()) + "'}")
                    .until("authenticated");
            var run = socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                    .until("WorkflowStarted")
                    .path("run_id")
                    .asText();
            assertThat(socket.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1008);
            assertThat(socket.reason).isEqualTo("The token has expired");
            assertThat(Runs.shared().find(run).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        }
    }

    @Test
    void aLaterTokenKeepsTheSocketOpen() throws Exception {
        start(TestTokens.AUTH);
        try (var renewed = new TestSocket(os);
                var other = new TestSocket(os)) {
            renewed.until("connected");
            other.until("connected");
            var claims = TestTokens.claims("ann", "workflows:run").expirationTime(in(Duration.ofSeconds(5)));
            var soon = TestTokens.sign(claims.build());
            for (var token : List.of(soon, TestTokens.of("ann", "workflows:run"))) {
                renewed.send("{'action':'authenticate','token':'" + token + "'}")
                        .until("authenticated");
            }
            other.send("{'action':'authenticate','token':'" + soon + "'}").until("authenticated");
            assertThat(other.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1008);
            renewed.send("{'action':'ping'}").until("pong");
            assertThat(renewed.closed).isNotDone();
        }
    }

    @Test
    void anExpiredTokenOpensNoSocket() {
        start(TestTokens.AUTH);
        var claims = TestTokens.claims("ann", "workflows:run").expirationTime(in(Duration.ofSeconds(-5)));
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'authenticate','token':'" + TestTokens.sign(claims.build()) + "'}");
            assertThat(socket.until("auth_error").path("error").asText()).contains("Expired");
            socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                    .until("auth_required");
        }
    }
}
