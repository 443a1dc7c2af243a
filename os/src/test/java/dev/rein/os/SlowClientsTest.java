package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that open connections and send nothing, or send it byte by byte. */
class SlowClientsTest {
    private static final String UPGRADE = "GET /workflows/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String HEALTH = RawConnection.get("/health");
    private static final String KEYED =
            HEALTH.replace("/health", "/agents").replace("\r\n\r\n", "\r\nAuthorization: Bearer secret\r\n\r\n");

    private final List<AutoCloseable> open = new ArrayList<>();

    private AgentOS serve(ServerLimits limits) {
        var writer =
                Agent.builder().name("Writer").model(ScriptedModel.always("ok")).build();
        var os = AgentOS.builder()
                .port(0)
                .securityKey("secret")
                .store(new InMemorySessionStore())
                .limits(limits)
                .agents(writer)
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("write", writer))
                        .build())
                .build()
                .start();
        open.add(os);
        return os;
    }

    private RawConnection connect(AgentOS os) throws IOException {
        var connection = new RawConnection(os.port());
        open.add(connection);
        return connection;
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        var os = serve(ServerLimits.standard().headTimeout(Duration.ofMillis(200)));
        assertThat(connect(os).readAll()).startsWith("HTTP/1.1 408 ");
    }

    /** Each byte restarts the idle time-out, but not the time for the head. */
    @Test
    void aHeadThatArrivesByteByByteIsRefused() throws IOException {
        var os = serve(ServerLimits.standard().headTimeout(Duration.ofMillis(500)));
        for (var requests : List.of(0, 1)) {
            var connection = connect(os);
            for (var i = 0; i < requests; i++) {
                assertThat(connection.send(HEALTH)).startsWith("HTTP/1.1 200 ");
            }
            var dripping = Thread.ofVirtual().start(() -> {
                try {
                    connection.write("GET /health HTTP/1.1\r\nX: ");
                    while (true) {
                        connection.write("y");
                        Thread.sleep(50); // the pace of a slow client
                    }
                } catch (IOException | InterruptedException e) {
                    // The connection is closed.
                }
            });
            assertThat(connection.head()).contains("408");
            dripping.interrupt();
        }
    }

    @Test
    void aBodyThatArrivesByteByByteIsRefused() throws Exception {
        var os = serve(
                ServerLimits.standard().headTimeout(Duration.ofMillis(500)).bodyBytesPerSecond(1_000));
        var connection = connect(os);
        var dripping = Thread.ofVirtual().start(() -> {
            try {
                connection.write(
                        "POST /agents/writer/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nmessage=");
                while (true) {
                    connection.write("y");
                    Thread.sleep(50); // the pace of a slow client
                }
            } catch (IOException | InterruptedException e) {
                // The connection is closed.
            }
        });
        assertThat(connection.head()).contains("408");
        dripping.interrupt();
        dripping.join();
    }

    @Test
    void aWebSocketThatDoesNotAuthenticateIsClosed() throws Exception {
        var os = serve(ServerLimits.standard().headTimeout(Duration.ofMillis(500)));
        try (var authenticated = new TestSocket(os)) {
            authenticated.send("{'action':'authenticate','token':'secret'}").until("authenticated");
            var silent = new TestSocket(os);
            assertThat(silent.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
            authenticated.send("{'action':'ping'}").until("pong");
        }
    }

    @Test
    void aWebSocketThatSaysAndFollowsNothingIsClosed() throws Exception {
        var os = serve(ServerLimits.standard().socketIdle(Duration.ofMillis(500)));
        var idle = new TestSocket(os);
        idle.send("{'action':'authenticate','token':'secret'}").until("authenticated");
        assertThat(idle.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
    }

    static List<ServerLimits> fiveUnauthenticated() {
        return List.of(
                ServerLimits.standard().unauthenticatedConnectionsPerAddress(5),
                ServerLimits.standard().unauthenticatedConnections(5));
    }

    @ParameterizedTest
    @MethodSource("fiveUnauthenticated")
    void silentConnectionsDoNotTakeThePlacesOfAuthenticatedOnes(ServerLimits limits) throws IOException {
        var os = serve(limits);
        var authenticated = connect(os);
        assertThat(authenticated.send(KEYED)).startsWith("HTTP/1.1 200 ");
        var silent = new ArrayList<RawConnection>();
        for (var i = 0; i < 5; i++) {
            silent.add(connect(os));
        }
        await().untilAsserted(() -> {
            // Accepted by the server: it answers, and closes a connection without a place.
            var beyond = connect(os);
            assertThat(beyond.send(HEALTH)).startsWith("HTTP/1.1 200 ").containsIgnoringCase("Connection: close");
            assertThat(beyond.readAll()).isEmpty();
        });
        // One that shows its key may stay, and gives its place to nobody.
        var late = connect(os);
        assertThat(late.send(KEYED)).startsWith("HTTP/1.1 200 ");
        assertThat(late.send(HEALTH)).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
        // Closed long before the time for its head has passed.
        assertThat(connect(os).readAll()).isEmpty();
        for (var each : silent) {
            assertThat(each.isSilent()).isTrue();
        }
        assertThat(authenticated.send(KEYED)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aMalformedUpgradeIsRefused() throws IOException {
        var os = serve(ServerLimits.standard());
        assertThat(connect(os).send(UPGRADE)).startsWith("HTTP/1.1 101 ");
        var key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        for (var malformed : List.of(
                UPGRADE.replace(key, ""),
                UPGRADE.replace(key, "Sec-WebSocket-Key: x\r\n"),
                UPGRADE.replace(key, "Sec-WebSocket-Key: AAAA\r\n"),
                UPGRADE.replace("Upgrade: websocket\r\n", ""),
                UPGRADE.replace("Upgrade: websocket", "Upgrade: h2c"),
                UPGRADE.replace("Connection: Upgrade", "Connection: keep-alive"),
                UPGRADE.replace("GET ", "POST ").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"),
                UPGRADE.replace("HTTP/1.1", "HTTP/1.0"))) {
            assertThat(connect(os).send(malformed))
                    .as(malformed)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("{\"detail\"");
        }
        assertThat(connect(os).send(UPGRADE.replace("Version: 13", "Version: 8")))
                .startsWith("HTTP/1.1 426 ");
    }

    @Test
    void refusalsOfConnectionsCanBeReadByPages() throws IOException {
        var os = AgentOS.builder()
                .port(0)
                .limits(ServerLimits.standard().connections(1))
                .agents(Agent.builder()
                        .name("Writer")
                        .model(ScriptedModel.always("ok"))
                        .build())
                .corsOrigins("https://page.example")
                .build()
                .start();
        open.add(os);
        var allowed = "Access-Control-Allow-Origin: https://page.example";
        var long431 = "GET /health HTTP/1.1\r\nHost: localhost\r\nOrigin: https://page.example\r\nX: "
                + "y".repeat(40_000) + "\r\n\r\n";
        try (var first = new RawConnection(os.port())) {
            assertThat(first.send(HEALTH)).startsWith("HTTP/1.1 200 ");
            var beyond = connect(os);
            beyond.write(HEALTH.replace("Host:", "Origin: https://page.example\r\nHost:"));
            assertThat(beyond.readAll()).startsWith("HTTP/1.1 503 ").containsIgnoringCase(allowed);
            first.write(long431);
            assertThat(first.head()).startsWith("HTTP/1.1 431 ").containsIgnoringCase(allowed);
        }
        await().untilAsserted(() -> {
            try (var foreign = new RawConnection(os.port())) {
                foreign.write(long431.replace("page.example", "other.example"));
                assertThat(foreign.head()).startsWith("HTTP/1.1 431 ").doesNotContain("Access-Control");
            }
        });
    }
}
