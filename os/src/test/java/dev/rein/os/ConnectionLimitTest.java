package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever connects when there are too many connections is told so, and never left waiting. */
class ConnectionLimitTest {
    private static final int LIMIT = 20;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .limits(ServerLimits.standard().connections(LIMIT))
            .agents(Agent.builder().name("Writer").model(model).build())
            .build()
            .start();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        closeAll();
        os.close();
    }

    private void closeAll() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private Socket connect() throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(os.url()).getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        sockets.add(socket);
        return socket;
    }

    private List<Socket> connect(int count) throws IOException {
        var all = new ArrayList<Socket>();
        for (var i = 0; i < count; i++) {
            all.add(connect());
        }
        return all;
    }

    /** As many as there is room for; the server has taken them all. */
    private List<Socket> within() throws IOException {
        var all = connect(LIMIT);
        for (var socket : all) {
            send(socket, HEALTH);
            assertThat(answer(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
        return all;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads one answer to its end. @return its first line */
    private static String answer(Socket socket) throws IOException {
        var first = line(socket);
        var length = 0;
        for (var header = line(socket); !header.isEmpty(); header = line(socket)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring("content-length: ".length()));
            }
        }
        socket.getInputStream().skipNBytes(length);
        return first;
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (var next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static String toTheEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aRequestOnAConnectionTooManyIsRefusedAndThoseBeforeAreAnswered() throws IOException {
        var before = within();
        var form = "message=hi&stream=false";
        var run = "POST /agents/writer/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + form.length()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + form;
        for (var request : List.of(HEALTH, run, HEALTH)) {
            var tooMany = connect();
            send(tooMany, request);
            var answer = toTheEnd(tooMany);

            assertThat(answer)
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nRetry-After: 1\r\n")
                    .containsIgnoringCase("\r\nConnection: close\r\n")
                    .containsIgnoringCase("\r\nContent-Type: application/json\r\n")
                    .endsWith(
                            "\r\n\r\n{\"detail\":\"20 connections are open, which is the limit of this server: try again"
                                    + " soon\"}");
        }
        assertThat(model.requests()).isEmpty();
        for (var socket : before) {
            send(socket, HEALTH);
            assertThat(answer(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void whoeverSaysNothingOnAConnectionTooManyIsDisconnectedAndThoseBeforeAreNot() throws IOException {
        var before = within();
        var beyond = connect(LIMIT);
        send(beyond.getFirst(), HEALTH.substring(0, 10));
        for (var socket : beyond) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        for (var socket : before) {
            socket.setSoTimeout(1);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aConnectionTooManyIsOneOfTheOthersOnceThereIsRoom() {
        // The server sees that a client has left at some moment of its own.
        await().untilAsserted(() -> {
            closeAll();
            var before = within();
            var beyond = connect();
            // It comes after that one.
            var further = connect();
            send(further, HEALTH);
            assertThat(toTheEnd(further)).startsWith("HTTP/1.1 503 ");
            before.getFirst().close();
            for (var i = 0; i < 2; i++) {
                send(beyond, HEALTH);
                assertThat(answer(beyond)).isEqualTo("HTTP/1.1 200 OK");
            }
        });
    }
}
