package dev.rein.bench.walk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WalkTest {
    private static final Duration DURATION = Duration.ofSeconds(15);
    private static final long SEED = 20_261_129;

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();

    /** Code that fails is logged by the thousand. */
    @BeforeEach
    void keepTheLogShort() {
        root.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        root.setLevel(level);
    }

    @Test
    void randomTreesStoppedAtRandomBreakNoRule() throws IOException, InterruptedException {
        var said = new ByteArrayOutputStream();

        var code = Walk.run(DURATION, SEED, Long.MAX_VALUE, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
}
