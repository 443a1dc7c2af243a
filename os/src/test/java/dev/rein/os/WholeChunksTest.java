package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.testkit.ScriptedModel;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Streams as seen by a client that delivers a chunk only once it has read its end, as Python's requests and other simple
 * parsers do.
 */
class WholeChunksTest {
    private static final int TOKENS = 40;
    private static final int HUGE = 300_000;

    private final Semaphore next = new Semaphore(0);
    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .agents(Agent.builder().name("Writer").model(model).build())
            .build()
            .start();

    @AfterEach
    void close() {
        os.close();
    }

    /** The next chunk with its end; null for the last one. */
    private static String chunk(InputStream in) throws IOException {
        var size = Integer.parseInt(line(in), 16);
        var content = new String(in.readNBytes(size), StandardCharsets.UTF_8);
        assertThat(line(in)).isEmpty();
        return size == 0 ? null : content;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) {
                throw new EOFException(line.toString());
            }
            line.append((char) each);
        }
        assertThat(line).endsWith("\r");
        return line.substring(0, line.length() - 1);
    }

    /** The model says each token only when the client has read the one before: an event that is held back stops both. */
    @Test
    void everyEventComesWithTheEndOfItsChunk() throws IOException {
        model.answerWith((request, call) -> {
            var text = new StringBuilder();
            for (var i = 0; i < TOKENS; i++) {
                next.acquireUninterruptibly();
                var token = i == TOKENS / 2 ? "x".repeat(HUGE) : "w" + i + " ";
                text.append(token);
                call.text(token);
            }
            return ModelResponse.of(text.toString());
        });
        model.answer("again");
        try (var client = new RawConnection(os.port())) {
            client.write(RawConnection.post("/agents/writer/runs", "message=hi"));
            assertThat(client.head()).contains("200").containsIgnoringCase("Transfer-Encoding: chunked");
            var tokens = 0;
            var keepalives = 0;
            next.release();
            for (var chunk = chunk(client.in()); chunk != null; chunk = chunk(client.in())) {
                if (chunk.contains(": keepalive")) {
                    keepalives++;
                }
                var contents = chunk.split("event: RunContent\n", -1).length - 1;
                tokens += contents;
                next.release(contents);
            }
            assertThat(tokens).isEqualTo(TOKENS);
            // Each event that was held back would be freed by a keep-alive a second later.
            assertThat(keepalives).isLessThan(TOKENS / 2);

            assertThat(client.send(RawConnection.get("/health"))).startsWith("HTTP/1.1 200 ");
            client.write(RawConnection.post("/agents/writer/runs", "message=hi"));
            assertThat(client.head()).contains("200");
            var all = new StringBuilder();
            for (var chunk = chunk(client.in()); chunk != null; chunk = chunk(client.in())) {
                all.append(chunk);
            }
            assertThat(all).contains("again").contains("event: RunCompleted\n");
        }
    }
}
