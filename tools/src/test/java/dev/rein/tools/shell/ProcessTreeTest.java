package dev.rein.tools.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessTreeTest {
    private static ProcessTree start(int processes, String command) throws IOException {
        var tree = ProcessTree.start(new ProcessBuilder("/bin/sh", "-c", command));
        await().untilAsserted(() -> assertThat(tree.alive()).hasSize(processes));
        return tree;
    }

    @Test
    void aTreeCanBeKilledConcurrentlyAndRepeatedly() throws Exception {
        try (var tree = start(3, "sleep 300 & sleep 300 & wait");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var kills = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < 8; i++) {
                kills.add(threads.submit(() -> tree.kill()));
            }
            for (var kill : kills) {
                assertThat(kill.get()).isEmpty();
                assertThat(tree.alive()).isEmpty();
            }
            assertThat(tree.kill()).isEmpty();
            assertThat(tree.process().isAlive()).isFalse();
        }
    }

    @Test
    void withoutPatienceKillIsSentAtOnce() throws Exception {
        try (var tree = start(2, "trap '' TERM; sleep 300 & wait")) {
            assertThat(tree.kill(Duration.ZERO)).isEmpty();
            assertThat(tree.process().waitFor()).isEqualTo(137);
        }
    }

    @Test
    void anInterruptNeitherEndsKillEarlyNorIsLost() throws Exception {
        try (var tree = start(2, "trap '' TERM; sleep 300 & wait")) {
            var left = new CompletableFuture<List<Long>>();
            var thread = Thread.ofVirtual().unstarted(() -> {
                Thread.currentThread().interrupt();
                tree.kill();
                left.complete(tree.alive());
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
            var failure = new CompletableFuture<Throwable>();
            thread.setUncaughtExceptionHandler((on, e) -> failure.complete(e));
            thread.start();
            thread.join();

            assertThat(left.join()).isEmpty();
            assertThat(failure).isNotDone();
        }
    }

    @Test
    void theProcessBuilderCanBeReused() throws Exception {
        var builder = new ProcessBuilder("/bin/sh", "-c", "sleep 300");
        try (var first = ProcessTree.start(builder);
                var second = ProcessTree.start(builder)) {
            assertThat(builder.command()).containsExactly("/bin/sh", "-c", "sleep 300");
            first.kill();
            assertThat(first.alive()).isEmpty();
            assertThat(second.alive()).isNotEmpty();
        }
    }

    @Test
    void aMissingProgramOrDirectoryIsReported() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ProcessTree.start(new ProcessBuilder("/no/such/program")))
                .withMessageContaining("/no/such/program");
    }
}
