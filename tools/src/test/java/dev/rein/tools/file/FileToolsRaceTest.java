package dev.rein.tools.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.cancel.Cancellation;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Others change the directories while tools work, and runs are stopped in the middle. */
class FileToolsRaceTest {
    private static final int ROUNDS = 150;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    /** Swaps a directory and a link to one outside, until it is closed. */
    private final class Swapper implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;

        Swapper(Path swapped, Path outside) {
            thread = Thread.ofPlatform().start(() -> {
                try {
                    var kept = swapped.resolveSibling("kept");
                    while (!stopped.get()) {
                        Files.move(swapped, kept, StandardCopyOption.ATOMIC_MOVE);
                        // A tool may have created the directory meanwhile.
                        while (!isDone(() -> Files.createSymbolicLink(swapped, outside))) {
                            deleteAll(swapped);
                        }
                        rest();
                        Files.delete(swapped);
                        while (!isDone(() -> Files.move(kept, swapped, StandardCopyOption.ATOMIC_MOVE))) {
                            deleteAll(swapped);
                        }
                        rest();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }

        private static void rest() {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_000_000));
        }

        private interface Change {
            Path perform() throws IOException;
        }

        private static boolean isDone(Change change) {
            try {
                change.perform();
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private void deleteAll(Path tree) throws IOException {
            try (var all = Files.walk(tree)) {
                for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException e) {
                // It is tried again.
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            thread.join();
        }
    }

    private static String call(Object tools, String name, Map<String, Object> arguments) throws Exception {
        return String.valueOf(ToolRun.startWith(name, JSON.writeValueAsString(arguments), tools)
                .finish()
                .result());
    }

    @Test
    void aDirectoryThatBecomesALinkLeadsNowhere() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        var outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file.txt"), "the secret");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/file.txt"), "harmless");
        var tools = FileTools.builder(root).buildWritable();
        try (var swapper = new Swapper(root.resolve("sub"), outside)) {
            for (int i = 0; i < ROUNDS; i++) {
                var text = call(tools, "read_file", Map.of("path", "sub/file.txt"));
                assertThat(text).doesNotContain("secret");
                assertThat(call(tools, "search_files", Map.of("pattern", "secret")))
                        .doesNotContain("the secret");
                call(tools, "write_file", Map.of("path", "sub/new" + i, "text", "written"));
                call(tools, "write_file", Map.of("path", "sub/a" + i + "/b", "text", "written"));
                call(tools, "edit_file", Map.of("path", "sub/file.txt", "oldText", "s", "newText", "s", "all", true));
            }
        }
        assertThat(call(tools, "read_file", Map.of("path", "sub/file.txt"))).isEqualTo("harmless");
        try (var left = Files.list(outside)) {
            assertThat(left).containsExactly(outside.resolve("file.txt"));
        }
        assertThat(outside.resolve("file.txt")).hasContent("the secret");
    }

    @Test
    void everybodyReadsTheOldTextOrTheNewOne() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        var file = root.resolve("file");
        Files.writeString(file, "a".repeat(500_000));
        var tools = FileTools.builder(root).buildWritable();
        var stopped = new AtomicBoolean();
        var reader = Thread.ofPlatform().start(() -> {
            while (!stopped.get()) {
                try {
                    assertThat(Files.readString(file)).hasSize(500_000);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        var failure = new Throwable[1];
        reader.setUncaughtExceptionHandler((_, e) -> failure[0] = e);
        for (int i = 0; i < 30; i++) {
            call(
                    tools,
                    "write_file",
                    Map.of("path", "file", "text", (i % 2 == 0 ? "b" : "a").repeat(500_000), "overwrite", true));
        }
        stopped.set(true);
        reader.join();
        assertThat(failure[0]).isNull();
    }

    @Test
    void twoEditsAtOnceAreBothThere() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("file"), "one two");
        var first = FileTools.builder(root).buildWritable();
        for (int i = 0; i < 20; i++) {
            Files.writeString(root.resolve("file"), "one two");
            var a = ToolRun.startWith("edit_file", "{'path':'file','oldText':'one','newText':'1'}", first);
            var b = ToolRun.startWith("edit_file", "{'path':'file','oldText':'two','newText':'2'}", first);
            assertThat(List.of(a.finish().error(), b.finish().error())).containsOnly(false);
            assertThat(root.resolve("file")).hasContent("1 2");
        }
    }

    @Test
    @Timeout(120)
    void aStopEndsASearchWithinAPattern() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("file"), "a".repeat(80) + "!");
        var tools = FileTools.builder(root).searchTime(Duration.ofHours(1)).build();
        for (var call : List.of(
                Map.entry("search_files", "{'pattern':'(a+)+\\\\1b'}"),
                Map.entry("search_files", "{'pattern':'(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x'}"))) {
            var run = ToolRun.startWith(call.getKey(), call.getValue(), tools);
            run.awaitTool();
            run.stop();
        }
    }

    @Test
    void aStopOfAWriteLeavesTheOldTextOrTheNewOneAndNothingElse() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        var tools = FileTools.builder(root).buildWritable();
        for (int i = 0; i < 20; i++) {
            Files.writeString(root.resolve("file"), "old");
            var text = JSON.writeValueAsString(Map.of("path", "file", "text", "n".repeat(900_000), "overwrite", true));
            var run = ToolRun.startWith("write_file", text, tools);
            if (i % 2 == 0) {
                run.awaitTool();
            }
            try {
                run.stop();
            } catch (AssertionError e) {
                // It has ended before.
                run.finish();
            }
            assertThat(Files.size(root.resolve("file"))).isIn(3L, 900_000L);
            await().untilAsserted(() -> {
                try (var left = Files.list(root)) {
                    assertThat(left).containsExactly(root.resolve("file"));
                }
            });
        }
    }

    @Test
    void aPipeIsRefusedAtOnce() throws Exception {
        var root = Files.createDirectory(directory.resolve("root"));
        var made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertThat(made.waitFor()).isZero();
        var tools = FileTools.of(root);
        assertThat(ToolRun.error(tools, "read_file", "{'path':'pipe'}")).contains("no regular file");
        assertThat(ToolRun.result(tools, "search_files", "{'pattern':'x'}")).isEqualTo("[nothing was found]");
        assertThat(ToolRun.result(tools, "list_files", "{}")).isEqualTo("pipe (no regular file)\n");
    }

    /** Another process puts a file of its own in the place of the one that is being created. */
    @Test
    void aFileOfOthersIsNotDeletedWhenACreationFails() throws Exception {
        var root = Files.createDirectory(directory.resolve("root")).toRealPath();
        var target = root.resolve("new.txt");
        var cancellation = (Cancellation) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Cancellation.class}, (_, _, _) -> {
                    if (Files.exists(target)) {
                        var theirs = Files.writeString(directory.resolve("theirs"), "theirs");
                        Files.move(theirs, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                    return null;
                });
        var writer = new FileWriter(new FileAccess(root, FileLimits.DEFAULT, cancellation), FileLimits.DEFAULT);

        assertThatThrownBy(() -> writer.write("new.txt", new byte[] {'o'}, false))
                .hasMessageContaining("changed by others");
        assertThat(target).hasContent("theirs");
        try (var all = Files.list(root)) {
            assertThat(all).containsExactly(target);
        }
    }
}
