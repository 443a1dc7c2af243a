package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.Exchange;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each example runs as a process of its own against a provider on a real socket. */
class ExamplesTest {
    private static final String MODEL = "test-model";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    /** A slow machine may stop the example before its first request: then there is none to close. */
    private void assertEveryRequestWasClosed() {
        provider.exchanges().forEach(Exchange::awaitClosed);
    }

    @Test
    void streamAgentPrintsTheAnswerAndItsTokens() throws Exception {
        provider.enqueue(Script.text("Once upon a time"));

        var example = ChildProcess.run(provider, StreamAgent.class, MODEL);

        assertThat(example.output()).contains("Once upon a time\n4 tokens");
        assertThat(example.exitCode()).isZero();
        assertThat(provider.awaitRequest(1).request().body().path("model").asText())
                .isEqualTo(MODEL);
    }

    @Test
    void streamAgentTellsWhyItFailed() throws Exception {
        provider.enqueue(Script.status(401, "no such key"));

        var example = ChildProcess.run(provider, StreamAgent.class, MODEL);

        assertThat(example.output())
                .contains("failed: ")
                .contains("no such key")
                .doesNotContain("\tat ");
    }

    @Test
    void cancelAgentFromAnotherThreadStopsTheProvider() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, CancelAgentFromAnotherThread.class, MODEL, "2");

        assertThat(example.output())
                .contains("will be cancelled in 2.0 seconds", "was cancelled: ")
                .contains("Status: CANCELLED", "Was cancelled: true")
                .containsPattern("The stop took \\d+ ms");
        assertThat(example.exitCode()).isZero();
        assertEveryRequestWasClosed();
    }

    @Test
    void backgroundAgentStopsARunThatTakesTooLong() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(10)));

        var example = ChildProcess.run(provider, BackgroundAgent.class, MODEL, "2");

        assertThat(example.output()).contains("Started run ", "Cancel answered REQUESTED", "Ended CANCELLED with");
        assertThat(example.exitCode()).isZero();
        assertEveryRequestWasClosed();
    }

    @Test
    void backgroundAgentPrintsWhatEndsInTime() throws Exception {
        provider.enqueue(Script.text("It goes up."));

        var example = ChildProcess.run(provider, BackgroundAgent.class, MODEL, "30");

        assertThat(example.output()).contains("Ended in time: It goes up.");
    }

    @Test
    void toolsAgentCallsItsToolAndAnswersFromTheResult() throws Exception {
        provider.enqueue(
                Script.toolCall("weather", "{\"city\":\"Oslo\"}"), Script.text("It is sunny in Oslo, at 21 degrees."));

        var example = ChildProcess.run(provider, ToolsAgent.class, MODEL);

        assertThat(example.output())
                .contains("called weather{\"city\":\"Oslo\"} -> {\"city\":\"Oslo\",\"celsius\":21,\"sky\":\"sunny\"}")
                .contains("COMPLETED: It is sunny in Oslo");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void typedAnswerPrintsTheRecord() throws Exception {
        provider.enqueue(
                Script.text("{\"title\":\"Ember\",\"characters\":[\"Ember\",\"Odile\"],\"plot\":\"A dragon codes.\"}"));

        var example = ChildProcess.run(provider, TypedAnswer.class, MODEL);

        assertThat(example.output()).contains("Title: Ember", "- Odile", "A dragon codes.");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void sessionsAgentSendsWhatWasSaidBefore() throws Exception {
        provider.enqueue(Script.text("Nice to meet you."), Script.text("To the Alps, Odile."));

        var example = ChildProcess.run(provider, SessionsAgent.class, MODEL);

        assertThat(example.output()).contains("Nice to meet you.", "To the Alps, Odile.", "2 runs are stored");
        assertThat(provider.awaitRequest(2).request().bodyText())
                .contains("My name is Odile", "Nice to meet you.", "what is my name?");
    }

    @Test
    void limitsAgentStopsAtItsTokens() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(2)));

        var example = ChildProcess.run(provider, LimitsAgent.class, MODEL, "60", "30");

        assertThat(example.output()).contains("CANCELLED, BUDGET: ");
        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void limitsAgentStopsAtItsDeadline() throws Exception {
        provider.enqueue(Script.forever(Duration.ofMillis(50)));

        var example = ChildProcess.run(provider, LimitsAgent.class, MODEL, "100000", "2");

        assertThat(example.output()).contains("CANCELLED, DEADLINE: ");
        assertEveryRequestWasClosed();
    }

    @Test
    void shellAgentShowsItsCommandsAndAnswers() throws Exception {
        provider.enqueue(
                Script.toolCall("run_command", "{\"command\":\"echo one-two\"}"), Script.text("There are two files."));

        var example = ChildProcess.run(provider, ShellAgent.class, MODEL);

        assertThat(example.output())
                .contains("$ {\"command\":\"echo one-two\"}", "one-two\n", "There are two files.", "ended COMPLETED");
        assertThat(example.exitCode()).isZero();
    }

    @Test
    void shellAgentEndsTheCommandThatRunsWhenItsTimeIsOver() throws Exception {
        // A sleep of this length is nobody else's.
        provider.enqueue(Script.toolCall("run_command", "{\"command\":\"sleep 98765.25 & sleep 98765.25\"}"));

        var example = ChildProcess.run(provider, ShellAgent.class, MODEL, "4");

        assertThat(example.output()).contains("ended CANCELLED");
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(commandLine -> commandLine.contains("98765.25"));
    }

    @Test
    void everyExampleIsTested() throws IOException {
        var tests = Files.readString(Path.of("src/test/java/dev/rein/examples/ExamplesTest.java"));
        try (var sources = Files.list(Path.of("src/main/java/dev/rein/examples"))) {
            assertThat(sources.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> !name.equals("package-info") && !name.equals("ExampleModel")))
                    .isNotEmpty()
                    .allMatch(name -> tests.contains(name + ".class, MODEL"));
        }
    }
}
