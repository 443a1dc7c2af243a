package dev.rein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.print.RunPrinter;
import dev.rein.run.RunStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that are printed. */
@Timeout(60)
class PrintTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RunPrinter printer = RunPrinter.to(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunIsPrintedAndItsOutputReturned() {
        var agent = Agent.builder()
                .name("Storyteller")
                .model(TestModel.of(TestModel.says("Once ", "upon")))
                .build();
        try (var stream = agent.stream("hi")) {
            var output = stream.print(printer);

            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(printed())
                    .startsWith(
                            "Storyteller  test-model · run " + output.runId() + System.lineSeparator() + "Once upon")
                    .contains("✓ completed · ");
        }
    }

    @Test
    void aRunThatIsStoppedByAnotherThreadIsPrintedToItsEnd() {
        var agent = Agent.of(TestModel.of(TestModel.saysAndHangs("Once")), "Tell");
        try (var stream = agent.stream("hi")) {
            Thread.startVirtualThread(stream::cancel);
            assertThat(stream.print(printer).isCancelled()).isTrue();
            assertThat(printed()).contains("■ cancelled: ", "the stop took ");
        }
    }

    /** Prints a run that does not end by itself. */
    static final class Endless {
        public static void main(String... args) {
            System.out.println(Agent.of(TestModel.of(TestModel.saysAndHangs("Once")), "Tell")
                    .print("hi")
                    .status());
        }
    }

    @Test
    void theEndOfTheProcessStopsTheRunAndSaysSo() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("agent  test-model");
            process.toHandle().destroy(); // SIGTERM; Ctrl-C takes the same way
            assertThat(out.lines().toList())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("■ cancelled: the process ") // by the printer or by the runtime
                            .contains(" · the stop took "));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
