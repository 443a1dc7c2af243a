package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a separate process. */
class ReinProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    private ReinProcess rein(String... args) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                Rein.class.getName()));
        command.addAll(List.of(args));
        return ReinProcess.start(scratch, scratch, Map.of("OPENAI_API_KEY", "", "OPENAI_BASE_URL", ""), command);
    }

    @Test
    void demoStopsItsRunAndExitsWithZero() throws Exception {
        try (var child = rein("demo", "--cancel-after", "1s").await()) {
            assertThat(child.err()).isEmpty();
            assertThat(child.exitCode()).isZero();
            assertThat(child.out())
                    .startsWith("Offline model")
                    .containsPattern("background +CANCELLED +stopped after 1s");
        }
    }

    @Test
    void wrongInputExitsWithTwo() throws Exception {
        try (var child = rein("demo", "--cancel-after", "soon").await()) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err()).startsWith("error: ");
        }
    }

    @Test
    void endingTheProcessCancelsTheRunAndStillShowsHowItEnded() throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.forever(Duration.ofMillis(20)));
                var child = rein("demo", "--base-url", provider.baseUrl(), "--cancel-after", "1h")) {
            Awaitility.await().atMost(PATIENCE).until(() -> child.out().contains("word3"));

            // TERM instead of INT, which child processes of a background build ignore.
            new ProcessBuilder("kill", "-TERM", String.valueOf(child.pid()))
                    .start()
                    .waitFor();
            child.await();

            assertThat(child.exitCode()).isEqualTo(143);
            assertThat(child.err()).isEmpty();
            assertThat(child.out())
                    .contains(" cancelled: ")
                    .containsPattern("Status +CANCELLED")
                    .containsPattern("Cause +SHUTDOWN")
                    .containsPattern("workflow +CANCELLED")
                    .doesNotContain("A team, stopped");
            provider.awaitRequest(1).awaitClosed();
        }
    }
}
