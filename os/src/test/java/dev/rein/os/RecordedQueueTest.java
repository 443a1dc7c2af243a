package dev.rein.os;

import static dev.rein.os.internal.wire.Difference.ALL_EVENTS;
import static dev.rein.os.internal.wire.Difference.CANCELLATION;
import static dev.rein.os.internal.wire.Difference.DELIVERED;
import static dev.rein.os.internal.wire.Difference.NEVER_BEGAN;
import static dev.rein.os.internal.wire.Difference.NOTHING_OPEN;
import static dev.rein.os.internal.wire.Difference.QUEUE_ATTEMPT;
import static dev.rein.os.internal.wire.Difference.VALID_HISTORY;
import static dev.rein.os.internal.wire.Samples.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.os.internal.wire.Comparison;
import dev.rein.os.internal.wire.Recording;
import dev.rein.os.internal.wire.Samples;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Replays the recording of a server with a durable queue on this one, which has none: background runs are accepted,
 * cancelled and fetched in the same way, and the queue's routes report that it is not available.
 */
class RecordedQueueTest {
    private static final String FILE = "http_queue.txt";
    private static final String SLOW = "/agents/slow-agent/runs";
    private static final String PLAIN = "/agents/plain-agent/runs";
    private static final String ASKING = "/agents/hitl-agent/runs";

    private final Samples samples = new Samples();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(samples.store)
            .agents(
                    samples.agent(
                            "Slow Agent",
                            says(IntStream.range(0, 20)
                                    .mapToObj(i -> (i == 0 ? "w" : " w") + i)
                                    .toArray(String[]::new))),
                    samples.plain(),
                    samples.asking())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private static List<String> requests(String begin) {
        return Recording.text(FILE)
                .lines()
                .filter(line -> line.startsWith("> " + begin))
                .map(line -> line.substring(2))
                .toList();
    }

    private TestClient.Answer background(String runs, String... more) {
        var form = new String[] {"message", "hi", "stream", "false", "background", "true", "session_id", "qq1"};
        var all = Stream.concat(Arrays.stream(form), Arrays.stream(more));
        return http.post(runs, all.toArray(String[]::new));
    }

    private void awaitStatus(String runs, String id, String status) {
        await().until(() -> http.get(runs + "/" + id + "?session_id=qq1")
                .json()
                .path("status")
                .asText()
                .equals(status));
    }

    @Test
    void theQueueIsNotAvailable() {
        var absent = Recording.answer("http_errors.txt", "GET /queue");
        var requests = requests("GET /queue");
        assertThat(requests).hasSize(5);
        for (var request : requests) {
            assertThat(http.get(request.substring("GET ".length())))
                    .as(request)
                    .returns(503, TestClient.Answer::status)
                    .returns(absent, TestClient.Answer::json);
        }
        assertThat(requests("POST /queue")).hasSize(1);
        assertThat(http.post(requests("POST /queue").getFirst().substring("POST ".length())))
                .returns(503, TestClient.Answer::status)
                .returns(absent, TestClient.Answer::json);
    }

    @Test
    void aBackgroundRunIsAccepted() {
        var answer = background(SLOW);
        assertThat(answer.status()).isEqualTo(202);
        new Comparison().compare(answer.json(), Recording.answer(FILE, "POST " + SLOW));
        awaitStatus(SLOW, answer.json().path("run_id").asText(), "COMPLETED");
    }

    @Test
    void idempotencyKeysAreIgnoredWithoutAQueue() {
        var ids = IntStream.range(0, 2)
                .mapToObj(_ -> http.send(http.request(PLAIN)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Idempotency-Key", "key-1")
                        .POST(BodyPublishers.ofString(
                                TestClient.form("message", "hi", "stream", "false", "background", "true")))
                        .build()))
                .peek(answer -> assertThat(answer.status()).isEqualTo(202))
                .map(answer -> answer.json().path("run_id").asText())
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    /** The second response to the same request. */
    private static JsonNode stoppedBeforeItBegan() {
        return Recording.answers(FILE, "GET " + SLOW).get(1);
    }

    @Test
    void aRunCancelledBeforeItStarts() {
        var first = background(SLOW).json().path("run_id").asText();
        awaitStatus(SLOW, first, "COMPLETED");
        var id = "786a9593-d1d0-4566-8507-399dce7d0091";
        assertThat(http.post(SLOW + "/" + id + "/cancel").status()).isEqualTo(404);
        background(SLOW, "run_id", id, "message", "second");
        awaitStatus(SLOW, id, "CANCELLED");
        new Comparison(DELIVERED)
                .compare(
                        http.get("/sessions/qq1/run-previews").json(),
                        Recording.answer(FILE, "GET /sessions/qq1/run-previews"));
        new Comparison(DELIVERED, CANCELLATION, QUEUE_ATTEMPT, ALL_EVENTS, VALID_HISTORY, NEVER_BEGAN)
                .compare(http.get(SLOW + "/" + id + "?session_id=qq1").json(), stoppedBeforeItBegan());
    }

    @Test
    void aRunCancelledInTheQueue() {
        var id = background(ASKING).json().path("run_id").asText();
        awaitStatus(ASKING, id, "PAUSED");
        assertThat(http.post(ASKING + "/" + id + "/cancel?wait=5000").status()).isEqualTo(200);
        awaitStatus(ASKING, id, "CANCELLED");
        new Comparison(DELIVERED, CANCELLATION, QUEUE_ATTEMPT, ALL_EVENTS, VALID_HISTORY, NOTHING_OPEN)
                .compare(
                        http.get(ASKING + "/" + id + "?session_id=qq1").json(),
                        Recording.answer(FILE, "GET " + ASKING));
    }
}
