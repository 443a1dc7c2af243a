package dev.rein.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.testkit.FakeProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that sends hostile requests neither takes down a server with 1 GB of heap nor holds up the streams of another client. */
class HostileClientTest {
    private static final int REQUESTS = 10_000;
    private static final int PARALLEL = 64;
    private static final int STREAMS = 50;

    /** Ten times the silences that were measured, of up to 5 s, on two cores that also ran the attack and other builds. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static FakeProvider provider;
    private static LoadServer server;

    @BeforeAll
    static void start() throws IOException {
        provider = FakeProvider.start();
        server = LoadServer.start(folder.resolve("load.db").toString(), provider.baseUrl());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @EnumSource
    void aFewRequests(Attack attack) throws Exception {
        attack(attack, 50);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("thorough")
    void tenThousandRequests(Attack attack) throws Exception {
        attack(attack, REQUESTS);
    }

    private static void attack(Attack attack, int requests) throws Exception {
        try (var streams = PacedStreams.open(server.port(), STREAMS)) {
            streams.mark();
            var held = send(attack, requests);
            try {
                assertThat(server.isAlive()).as("the server has ended").isTrue();
                assertThat(streams.ended()).isZero();
                assertThat(streams.longestSilence()).isLessThan(LONGEST_SILENCE);
            } finally {
                for (var client : held) {
                    client.close();
                }
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> isHealthy());
            assertThat(streams.ended()).isZero();
        }
        assertThat(server.isAlive()).as("the server has ended").isTrue();
    }

    /** @return the connections that stay open */
    private static Queue<RawClient> send(Attack attack, int requests) {
        var held = new ConcurrentLinkedQueue<RawClient>();
        var next = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < PARALLEL; i++) {
                threads.execute(() -> {
                    for (var number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
                        try {
                            var client = attack.once(server.port(), number);
                            if (attack.isHeld()) {
                                held.add(client);
                            } else {
                                client.close();
                            }
                        } catch (IOException e) {
                            // Refused, or closed before the request was complete.
                        }
                    }
                });
            }
        }
        return held;
    }

    /** Whether another client's run completes. */
    private static boolean isHealthy() {
        try (var client = RawClient.connect(server.port())) {
            client.send(RawClient.post("/agents/writer/runs", "message=hi"));
            return client.head().startsWith("HTTP/1.1 200 ")
                    && !client.until("event: RunCompleted").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
