package dev.rein.tools.internal.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.tools.mcp.oauth.OAuthException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers elsewhere can't have requests sent to programs on this machine. */
class LocalAddressTest {
    private static final String ISSUER = "https://login.example.org";

    private static JsonNode json(String text) throws Exception {
        return OAuthHttp.JSON.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource({
        "token_endpoint, http://127.0.0.1:8080/admin",
        "registration_endpoint, http://localhost:8080/admin",
        "authorization_endpoint, https://[::1]/admin"
    })
    void anEndpointOfAServerElsewhereIsNotOnThisMachine(String key, String address) throws Exception {
        var endpoints = OAuthHttp.JSON
                .createObjectNode()
                .put("issuer", ISSUER)
                .put("token_endpoint", ISSUER + "/token")
                .put(key, address);
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> AuthorizationServer.of(ISSUER, endpoints))
                .withMessageContaining(key)
                .withMessageContaining(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080", "https://localhost"})
    void anMcpServerElsewhereDoesNotNameAnAuthorizationServerOnThisMachine(String issuer) throws Exception {
        var elsewhere = "https://mcp.example.org/mcp";
        var here = "http://localhost:9000/mcp";
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> new Discovery(URI.create(elsewhere)).firstIssuer(resource(elsewhere, issuer)))
                .withMessageContaining(issuer);
        assertThat(new Discovery(URI.create(here)).firstIssuer(resource(here, issuer)))
                .isEqualTo(issuer);
    }

    private static Discovery.Resource resource(String server, String issuer) {
        return new Discovery.Resource(server, List.of(issuer), List.of());
    }

    @Test
    void aServerOnThisMachineHasItsEndpointsHere() throws Exception {
        var server = AuthorizationServer.of(
                "http://localhost:8080",
                json("{'issuer': 'http://localhost:8080', 'token_endpoint': 'http://127.0.0.1:8080/token'}"));
        assertThat(server.token()).hasToString("http://127.0.0.1:8080/token");
    }
}
