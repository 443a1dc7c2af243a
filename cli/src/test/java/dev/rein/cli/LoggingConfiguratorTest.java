package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingConfiguratorTest {
    /** Logs one line of each level. */
    static final class Logs {
        private Logs() {}

        public static void main(String... args) {
            var log = LoggerFactory.getLogger("dev.rein.Test");
            log.debug("a detail");
            log.info("some news");
            log.warn("a warning");
            log.error("an error");
            log.error(
                    "no run {}",
                    "x\n09:00:00.000 ERROR forged",
                    new IllegalStateException("out\nside", new RuntimeException("in\u001b[2J\nside")));
        }
    }

    @Test
    void warningsAndErrorsGoToStandardErrorAndNothingElse(@TempDir Path scratch) throws Exception {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Logs.class.getName());
        try (var child = ReinProcess.start(scratch, scratch, Map.of(), command).await()) {
            assertThat(child.out()).isEmpty();
            assertThat(child.err().lines())
                    .satisfiesExactly(
                            first -> assertThat(first).contains("WARN", "dev.rein.Test - a warning"),
                            second -> assertThat(second).contains("ERROR", "dev.rein.Test - an error"),
                            third -> assertThat(third).contains("dev.rein.Test - no run x 09:00:00.000 ERROR forged"),
                            cause -> assertThat(cause)
                                    .contains("  java.lang.RuntimeException: in\\u001b[2J side at dev.rein.cli."),
                            exception -> assertThat(exception)
                                    .contains("  java.lang.IllegalStateException: out side at dev.rein.cli."));
        }
    }
}
