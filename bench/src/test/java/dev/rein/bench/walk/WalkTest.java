package dev.rein.bench.walk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rein.cancel.CancelRequest;
import dev.rein.runtime.Limits;
import dev.rein.runtime.Runs;
import dev.rein.session.EventPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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

    @Test
    void aCaseThatFailsIsReportedEvenIfItLeavesARun() throws IOException, InterruptedException {
        var said = new ByteArrayOutputStream();
        var cases = 100;

        var code = Walk.run(
                Duration.ofMinutes(1),
                SEED,
                cases,
                number -> number == cases - 1 ? pausedAndNeverAnswered() : PlanGenerator.plan(SEED + number),
                new PrintStream(said, true, StandardCharsets.UTF_8));
        Runs.shared().live().forEach(run -> Runs.shared().cancel(run.runId(), CancelRequest.now()));

        assertThat(code).isNotZero();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("A rule is broken in case")
                .contains("live: LiveRun")
                .doesNotContain("rule 10");
    }

    /** The plan of a run that pauses, and for which the walk finds no answer. */
    private static Plan pausedAndNeverAnswered() {
        var asking = new Node.ToolNode("tool", Node.Asks.FOR_CONFIRMATION, Act.NOTHING, 0);
        var turn =
                new Node.Turn(Act.NOTHING, true, List.of(), 0, true, List.of(new Node.CallNode("call", "tool", "{}")));
        var worker = new Node.Worker(List.of(turn), List.of(asking), List.of(), List.of(), List.of(), false, 0, false);
        return new Plan(
                -1,
                new Node.AgentNode("agent", worker),
                Plan.Store.NONE,
                EventPolicy.NONE,
                Plan.Form.START,
                new Plan.Reader(0, -1, Plan.AfterLeaving.CONTINUE, 0),
                Limits.none(),
                List.of(),
                List.of(),
                null);
    }
}
