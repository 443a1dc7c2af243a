package dev.rein.tools.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.tools.StuckServer;
import dev.rein.tools.ToolRun;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Situation 15: a stop ends a tool that is blocked in an HTTP request, and the server sees the connection close. */
class Situation15BlockedHttpToolTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
            })
    void aStopClosesTheConnectionWhateverHasBeenReceived(String answer) throws Exception {
        try (var server = new StuckServer(answer)) {
            var tools = HttpTools.builder().allowPrivateAddresses(true).build();
            var run = ToolRun.start(tools, "http_get", "{'url':'" + server.url() + "'}");
            assertThat(server.awaitResponses()).isTrue();

            var output = run.stop();

            assertThat(server.awaitClosed()).isTrue();
            assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
        }
    }
}
