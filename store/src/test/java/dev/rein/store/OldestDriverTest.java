package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.session.StoredRun;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store works with the oldest SQLite driver that is supported, which frameworks force on an application. */
class OldestDriverTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Writes a run and reads it. */
    static final class Writer {
        private Writer() {}

        public static void main(String... arguments) {
            try (var store = JdbcSessionStore.sqlite(Path.of(arguments[0]))) {
                store.insert(StoredRun.builder("run-1", ComponentKind.AGENT, "component")
                        .rootRunId("run-1")
                        .status(RunStatus.COMPLETED)
                        .input(RunInput.of("Go"))
                        .createdAt(Instant.EPOCH)
                        .build());
                System.out.println(org.sqlite.SQLiteJDBCLoader.getVersion() + " read "
                        + store.run("run-1").orElseThrow().runId());
            }
        }
    }

    @Test
    void aRunIsWrittenAndRead() throws Exception {
        var driver = System.getProperty("rein.oldest.driver", "target/oldest-driver/sqlite-jdbc.jar");
        assertThat(Path.of(driver)).as("copied by the build").exists();
        var others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("sqlite-jdbc"));
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        Stream.concat(Stream.of(driver), others).collect(Collectors.joining(File.pathSeparator)),
                        Writer.class.getName(),
                        folder.resolve("rein.db").toString())
                .redirectErrorStream(true)
                .start();

        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).contains("3.50.3.0 read run-1");
        assertThat(process.waitFor()).isZero();
    }
}
