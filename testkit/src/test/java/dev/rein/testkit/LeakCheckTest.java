package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rein.agent.Agent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakCheckTest {
    private static final Duration SOON = Duration.ofMillis(300);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reportsALeakedThreadWithItsStack(boolean virtual) throws Exception {
        var end = new CountDownLatch(1);
        var check = LeakCheck.begin();
        var builder =
                virtual ? Thread.ofVirtual().name("lost") : Thread.ofPlatform().name("lost");
        var thread = builder.start(() -> awaitUnchecked(end));
        try {
            assertThatThrownBy(() -> check.verify(SOON))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining((virtual ? "virtual thread " : "thread ") + thread.threadId() + " \"lost\"")
                    .hasMessageContaining("LeakCheckTest.awaitUnchecked");
        } finally {
            end.countDown();
        }
        check.verify(Duration.ofMinutes(1));
    }

    @Test
    void reportsTheThreadsOfAnExecutorThatIsNotClosed() {
        var check = LeakCheck.begin();
        try (var executor = Executors.newSingleThreadExecutor()) {
            executor.execute(() -> {});

            assertThatThrownBy(() -> check.verify(SOON)).hasMessageContaining("pool-");
        }
        check.verify(Duration.ofMinutes(1));
    }

    @Test
    void waitsForAThreadThatIsAboutToEnd() throws Exception {
        var check = LeakCheck.begin();
        var thread = Thread.ofVirtual().start(() -> awaitUnchecked(new CountDownLatch(1), SOON));

        check.verify(Duration.ofMinutes(1));

        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void reportsALeakedSocketWithItsPorts() throws Exception {
        assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var check = LeakCheck.begin();
            var socket = new Socket(listener.getInetAddress(), listener.getLocalPort());

            assertThatThrownBy(() -> check.verify(SOON))
                    .hasMessageContaining("1 leaked, still there after")
                    .hasMessageContaining("socket:[")
                    .hasMessageContaining(
                            "port " + socket.getLocalPort() + " to port " + listener.getLocalPort() + ", ESTABLISHED");
            socket.close();
            check.verify(Duration.ofMinutes(1));
        }
    }

    @Test
    void reportsALeakedFile(@TempDir Path folder) throws Exception {
        assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
        var file = folder.resolve("lost.db");
        var check = LeakCheck.begin();
        try (var _ = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> check.verify(SOON)).hasMessageContaining("lost.db");
            check.ignoring(target -> target.endsWith("lost.db")).verify(SOON);
        }
    }

    @Test
    void reportsALiveRun() throws Exception {
        var agent = Agent.builder()
                .name("Story Teller")
                .model(ScriptedModel.create().waitsForever())
                .build();
        var check = LeakCheck.begin();
        var run = agent.start("Tell me a story");

        assertThatThrownBy(() -> check.verify(SOON)).hasMessageContaining("run " + run.id() + " of story-teller");

        run.cancel();
        run.await(Duration.ofMinutes(1));
        check.verify(Duration.ofMinutes(1));
    }

    @Test
    void aProviderAndItsClientsDoNotLeak() throws Exception {
        try (var _ = LeakCheck.begin()) {
            try (var provider = FakeProvider.start()) {
                provider.enqueue(
                        Script.text("Hello there"),
                        Script.hangs(HangPoint.BEFORE_HEADERS),
                        Script.hangs(HangPoint.AT_ACCEPT),
                        Script.forever(Duration.ofMillis(1)));
                TestClients.send(provider, "/chat/completions", TestClients.CHAT);
                for (var i = 0; i < 3; i++) {
                    var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT);
                    provider.awaitRequest(i + 2);
                    socket.close();
                }
            }
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        awaitUnchecked(latch, Duration.ofSeconds(30));
    }

    private static void awaitUnchecked(CountDownLatch latch, Duration atMost) {
        try {
            latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
