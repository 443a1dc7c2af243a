package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.testkit.ScriptedModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What protects a server from pages that its user's browser shows. */
class BrowserProtectionTest {
    private static final String[] HEADERS = {
        "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "frame-ancestors 'none'"
    };

    private AgentOS os = AgentOS.builder().port(0).build();

    private TestClient start(AgentOSBuilder builder) {
        os = builder.port(0)
                .agents(Agent.builder()
                        .name("Writer")
                        .model(ScriptedModel.always("ok"))
                        .build())
                .build()
                .start();
        return new TestClient(os);
    }

    @AfterEach
    void close() {
        os.close();
    }

    private static int startFrom(TestClient http, String origin, String key) {
        return http.send(http.request("/agents/writer/runs")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", origin)
                        .header("Authorization", "Bearer " + key)
                        .POST(BodyPublishers.ofString("message=hi&stream=false"))
                        .build())
                .status();
    }

    @Test
    void onlyLocalPagesMayUseAnOpenServer() {
        var http = start(AgentOS.builder());
        for (var origin : List.of("http://localhost:3000", "http://127.0.0.1:3000", "http://localhost:" + os.port())) {
            assertThat(startFrom(http, origin, "")).as(origin).isEqualTo(200);
        }
        for (var origin : List.of(
                "https://os.agno.com",
                "https://app.agno.com",
                "https://agno.com",
                "http://localhost:3001",
                "https://localhost:3000",
                "http://localhost:3000.evil.example",
                "null")) {
            assertThat(startFrom(http, origin, "")).as(origin).isEqualTo(403);
            assertThat(http.send(http.request("/agents")
                                    .header("Origin", origin)
                                    .build())
                            .header("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void otherPagesMayUseAnOpenServerIfTheyAreNamed() {
        var http = start(AgentOS.builder().corsOrigins("https://os.agno.com"));
        assertThat(startFrom(http, "https://os.agno.com", "")).isEqualTo(200);
        assertThat(startFrom(http, "http://localhost:3000", "")).isEqualTo(403);
    }

    @Test
    void pagesThatKnowTheKeyMayUseTheServer() {
        var http = start(AgentOS.builder().securityKey("s3cret"));
        for (var origin : List.of("https://os.agno.com", "http://localhost:3000")) {
            assertThat(startFrom(http, origin, "s3cret")).as(origin).isEqualTo(200);
            assertThat(startFrom(http, origin, "other")).as(origin).isEqualTo(401);
        }
        assertThat(startFrom(http, "https://evil.example", "s3cret")).isEqualTo(403);
    }

    @Test
    void everyResponseHasTheHeaders() throws Exception {
        start(AgentOS.builder().securityKey("s3cret"));
        var host = "Host: localhost\r\n";
        for (var request : List.of(
                "GET /health HTTP/1.1\r\n" + host + "\r\n",
                "HEAD /health HTTP/1.1\r\n" + host + "\r\n",
                "GET /openapi.json HTTP/1.1\r\n" + host + "\r\n",
                "GET /docs HTTP/1.1\r\n" + host + "\r\n",
                "GET /agents HTTP/1.1\r\n" + host + "\r\n",
                "GET /nothing HTTP/1.1\r\n" + host + "\r\n",
                "PUT /health HTTP/1.1\r\n" + host + "\r\n",
                "OPTIONS /agents HTTP/1.1\r\n" + host
                        + "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
                "POST /agents/writer/runs HTTP/1.1\r\n" + host + "Authorization: Bearer s3cret\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\na=",
                "GET /health HTTP/1.1\r\n" + host + "X: " + "y".repeat(20_000) + "\r\n\r\n",
                "GET /%zz HTTP/1.1\r\n" + host + "\r\n",
                "nonsense\r\n\r\n")) {
            try (var connection = new RawConnection(os.port())) {
                var head = connection.head(request);
                assertThat(head)
                        .as(request.substring(0, Math.min(60, request.length())))
                        .contains(HEADERS);
                assertThat(head.split("Content-Security-Policy:", -1)).hasSize(2);
            }
        }
        try (var connection = new RawConnection(os.port())) {
            var body = "message=hi";
            assertThat(connection.head("POST /agents/writer/runs HTTP/1.1\r\n" + host
                            + "Authorization: Bearer s3cret\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body))
                    .contains("text/event-stream")
                    .contains(HEADERS);
        }
    }

    @Test
    void theDocumentationMayBeStyled() {
        var page = start(AgentOS.builder()).get("/docs");
        assertThat(page.header("Content-Security-Policy"))
                .contains("style-src 'unsafe-inline'", "default-src 'none'", "frame-ancestors 'none'");
        assertThat(page.body()).contains("<style");
    }
}
