package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed leave nothing in the temporary folder. */
class SqliteLibraryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Opens a store, says so, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String... arguments) throws IOException {
            var store = JdbcSessionStore.sqlite(Path.of(arguments[0]));
            System.out.println("open " + store.session("none").isEmpty());
            while (System.in.read() >= 0) {}
        }
    }

    private void killAHolder(Path cache) throws Exception {
        var temporary = Files.createDirectories(folder.resolve("tmp"));
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.resolve("rein.db").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        var process = builder.start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(Stream.generate(() -> line(out))
                            .filter(line -> line.startsWith("open"))
                            .findFirst())
                    .contains("open true");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String line(java.io.BufferedReader reader) {
        try {
            return Objects.requireNonNull(reader.readLine(), "the process has ended");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void theLibraryIsExtractedOnceForAllProcesses() throws Exception {
        var cache = Files.createDirectories(folder.resolve("cache"));

        killAHolder(cache);
        var first = files(cache);
        var written = Files.getLastModifiedTime(first.getFirst());
        killAHolder(cache);

        assertThat(files(folder.resolve("tmp")))
                .filteredOn(file -> file.toString().contains("sqlite"))
                .isEmpty();
        assertThat(files(cache)).isEqualTo(first).hasSize(1);
        assertThat(Files.getLastModifiedTime(first.getFirst())).isEqualTo(written);
    }

    @Test
    void aLibraryThatIsDamagedIsReplaced() throws Exception {
        var cache = Files.createDirectories(folder.resolve("cache"));
        killAHolder(cache);
        var library = files(cache).getFirst();
        var size = Files.size(library);
        Files.writeString(library, "no library");

        killAHolder(cache);

        assertThat(Files.size(library)).isEqualTo(size);
    }

    @Test
    void withoutACacheTheDriverExtractsItItself() throws Exception {
        killAHolder(Files.writeString(folder.resolve("no-folder"), ""));

        assertThat(files(folder.resolve("tmp")))
                .filteredOn(file -> file.toString().contains("sqlite"))
                .isNotEmpty();
    }
}
