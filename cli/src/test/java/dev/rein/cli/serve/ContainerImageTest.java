package dev.rein.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cli.ReinProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java runtime of the Dockerfile starts the server, which works and is healthy. Building the image itself needs Docker. */
class ContainerImageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern URL = Pattern.compile("http://\\S+:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @SuppressWarnings("NullAway.Init")
    private Path java;

    @BeforeEach
    void link() throws IOException {
        var jlink = ToolProvider.findFirst("jlink").orElseThrow();
        var modules = String.join(",", Files.readAllLines(ROOT.resolve("docker/modules.txt")));
        var image = scratch.resolve("java");
        assertThat(jlink.run(System.out, System.err, "--add-modules", modules, "--output", image.toString()))
                .isZero();
        java = image.resolve("bin/java");
    }

    @Test
    void theLinkedRuntimeStartsAServerThatWorksAndIsHealthy() throws Exception {
        var command = List.of(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rein.cli.Rein",
                "serve",
                "--port",
                "0",
                "--offline-pace",
                "1000000",
                "--db",
                scratch.resolve("rein.db").toString());
        try (var server =
                ReinProcess.start(scratch, scratch, Map.of("OPENAI_API_KEY", "", "OPENAI_BASE_URL", ""), command)) {
            await().atMost(PATIENCE).until(() -> URL.matcher(server.out()).find());
            var url = URL.matcher(server.out());
            assertThat(url.find()).isTrue();

            assertThat(health(url.group(1))).isZero();
            assertThat(health("1")).isNotZero();
            try (var http = HttpClient.newHttpClient()) {
                var request = HttpRequest.newBuilder(URI.create(url.group() + "/teams/storytelling-team/runs"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("message=hi&stream=false"))
                        .build();
                assertThat(http.send(request, BodyHandlers.ofString()).body()).contains("\"COMPLETED\"");
            }
            server.signal("TERM");
            assertThat(server.await().err()).doesNotContain("NoClassDefFoundError", "ClassNotFoundException");
        }
    }

    private static int health(String port) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", ROOT.resolve("docker/health").toString(), port)
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    @Test
    void theDockerfileUsesTheseModulesAndFiles() throws IOException {
        var dockerfile = Files.readString(ROOT.resolve("Dockerfile"));

        assertThat(dockerfile)
                .contains(
                        "docker/modules.txt",
                        "COPY docker/health",
                        "\nUSER 10001\n",
                        "\nVOLUME /data\n",
                        "HEALTHCHECK");
    }
}
