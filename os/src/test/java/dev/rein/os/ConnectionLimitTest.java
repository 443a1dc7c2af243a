package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limit on open connections: those beyond it are refused at once instead of left waiting. */
class ConnectionLimitTest {
    private static final int LIMIT = 20;
    private static final String HEALTH = RawConnection.get("/health");
    private static final String OK = "HTTP/1.1 200 ";

    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .limits(ServerLimits.standard().connections(LIMIT))
            .agents(Agent.builder().name("Writer").model(model).build())
            .build()
            .start();
    private final List<RawConnection> connections = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        closeAll();
        os.close();
    }

    private void closeAll() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    private RawConnection connect() throws IOException {
        var connection = new RawConnection(os.port());
        connections.add(connection);
        return connection;
    }

    private List<RawConnection> connect(int count) throws IOException {
        var all = new ArrayList<RawConnection>();
        for (var i = 0; i < count; i++) {
            all.add(connect());
        }
        return all;
    }

    /** As many as the limit allows, all accepted by the server. */
    private List<RawConnection> fillTheLimit() throws IOException {
        var all = connect(LIMIT);
        for (var connection : all) {
            assertThat(connection.send(HEALTH)).startsWith(OK);
        }
        return all;
    }

    @Test
    void aRequestBeyondTheLimitGets503AndEarlierConnectionsKeepWorking() throws IOException {
        var within = fillTheLimit();
        var run = RawConnection.post("/agents/writer/runs", "message=hi&stream=false");
        for (var request : List.of(HEALTH, run, HEALTH)) {
            var beyond = connect();
            beyond.write(request);

            assertThat(beyond.readAll())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nRetry-After: 1\r\n")
                    .containsIgnoringCase("\r\nConnection: close\r\n")
                    .containsIgnoringCase("\r\nContent-Type: application/json\r\n")
                    .endsWith("\r\n\r\n"
                            + "{\"detail\":\"20 connections are open, which is the limit of this server: try again"
                            + " soon\"}");
        }
        assertThat(model.requests()).isEmpty();
        for (var connection : within) {
            assertThat(connection.send(HEALTH)).startsWith(OK);
        }
    }

    @Test
    void aSilentConnectionBeyondTheLimitIsClosedAndEarlierConnectionsStayOpen() throws IOException {
        var within = fillTheLimit();
        var beyond = connect(LIMIT);
        beyond.getFirst().write(HEALTH.substring(0, 10));
        for (var connection : beyond) {
            assertThat(connection.readAll()).isEmpty();
        }
        for (var connection : within) {
            assertThat(connection.isSilent()).isTrue();
        }
    }

    @Test
    void aConnectionBeyondTheLimitIsServedOnceAnotherHasClosed() {
        // The server notices a closed connection asynchronously.
        await().untilAsserted(() -> {
            closeAll();
            var within = fillTheLimit();
            var beyond = connect();
            // Accepted after that one: its refusal shows that the first is beyond the limit.
            var further = connect();
            further.write(HEALTH);
            assertThat(further.readAll()).startsWith("HTTP/1.1 503 ");
            within.getFirst().close();
            for (var i = 0; i < 2; i++) {
                assertThat(beyond.send(HEALTH)).startsWith(OK);
            }
        });
    }
}
