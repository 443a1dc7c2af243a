package dev.rein.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cli.Cli;
import dev.rein.cli.Rein;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f-]{27}";

    /** Executes a command line whose demo counts the time to its stop from when {@code latch} opens. */
    private static Cli runCountingFrom(CountDownLatch latch, StringWriter out, String... args) {
        var err = new StringWriter();
        var line = Rein.commandLine(new PrintWriter(out), new PrintWriter(err));
        DemoCommand demo = line.getSubcommands().get("demo").getCommand();
        demo.countFrom(latch);
        return new Cli(line.execute(args), out.toString(), err.toString());
    }

    /** The same, from when it has printed what matches {@code seen}: then it is stopped in the right place on any machine. */
    private static Cli runCountingFrom(String seen, String... args) {
        var pattern = Pattern.compile(seen, Pattern.DOTALL);
        var latch = new CountDownLatch(1);
        var out = new StringWriter() {
            @Override
            public void flush() {
                if (latch.getCount() > 0 && pattern.matcher(getBuffer()).find()) {
                    latch.countDown();
                }
            }
        };
        return runCountingFrom(latch, out, args);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void offlineDemoSaysSoFirstAndStopsItsRunFromAnotherThread() {
        var result = runCountingFrom("The Dragon", "demo", "agent", "--cancel-after", "100ms");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().findFirst().orElseThrow())
                .startsWith("Offline model")
                .contains("OPENAI_API_KEY", "OPENAI_BASE_URL");
        assertThat(result.out())
                .containsPattern("[■#] cancelled: stopped after 100ms")
                .containsPattern("Status +CANCELLED")
                .containsPattern("Run +" + UUID)
                .containsPattern("Cause +USER: stopped after 100ms \\(by rein demo\\)")
                .containsPattern("Cancel took +\\d+(\\.\\d)?m?s")
                .containsPattern("Tokens after cancel +0")
                .containsPattern("Content preview +The ");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void theWorkflowSearchesTheBuiltInSamplesAndIsStoppedWhileItWrites() {
        var result = runCountingFrom(
                "[▸>] writing\n.*The ", "demo", "workflow", "--cancel-after", "100ms", "--offline-pace", "100");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().findFirst().orElseThrow())
                .startsWith("Offline model")
                .contains("tools return built-in samples");
        assertThat(result.out())
                .containsPattern("[▸>] research\n  Research Agent  offline-story\n")
                .contains("> run ", " of Article Workflow will be cancelled")
                .contains(" web_search(query: ", " get_top_hackernews_stories(")
                .containsPattern("I called web_search, and it answered: .*\n(.*\n)*[▸>] writing\n")
                .containsPattern("[■#] cancelled: stopped after 100ms")
                .containsPattern("Status +CANCELLED")
                .containsPattern("Tokens after cancel +0")
                .containsPattern("Step research +completed")
                .containsPattern("Step writing +not completed")
                .containsPattern("Content preview +The ");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void theTeamsLeaderGivesTheStoryToAMemberAndBothAreStopped() {
        var result = runCountingFrom(
                "StorytellerAgent  offline-story\n.*The ",
                "demo",
                "team",
                "--cancel-after",
                "100ms",
                "--offline-pace",
                "100");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(" delegate_task_to_member(member_id: \"storytelleragent\"", "\n\n  StorytellerAgent  ")
                .containsPattern("Status +CANCELLED")
                .containsPattern("Tokens after cancel +0");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void theWorkflowInTheBackgroundIsStoppedByItsIdAndItsTextIsNotShownOnTheWay() {
        var result = runCountingFrom("[▸>] Research\n", "demo", "background", "--cancel-after", "4s");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("runs in the background and will be cancelled by another thread after 4s")
                .containsPattern("[▸>] Research\n")
                .doesNotContain(" Deep Analysis\n")
                .containsPattern("Status +CANCELLED")
                .containsPattern("Tokens after cancel +0")
                .containsOnlyOnce("The Dragon Who Learned to Code");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"workflow", "team", "background"})
    void everyDemoCompletesWhenItIsNotCancelled(String demo) {
        var result = Cli.run("demo", demo, "--no-cancel", "--offline-pace", "100000", "--prompt", "Dragons");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).containsPattern("Status +COMPLETED").contains("> the run completed");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void everyConnectionOfATeamIsClosedByItsStop() {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.toolCall(
                            "delegate_task_to_member", "{\"member_id\":\"editoragent\",\"task\":\"Tell it\"}"))
                    .byDefault(Script.forever(Duration.ofMillis(10)));
            var result = runCountingFrom(
                    "word1 word2", "demo", "team", "--base-url", provider.baseUrl(), "--cancel-after", "100ms");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("word1 word2").containsPattern("Status +CANCELLED");
            provider.awaitRequest(1).awaitCompleted();
            provider.awaitRequest(2).awaitClosed();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void demoWithoutAStepRunsAWorkflowATeamAndABackgroundRunAndEndsWithATable() {
        var result = Cli.run("demo", "--cancel-after", "300ms");

        assertThat(result.exitCode()).isZero();
        var lines = result.out().lines().toList();
        assertThat(lines).anyMatch(line -> line.matches("run +status +reason +cancel took +tokens after cancel"));
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .allMatch(line -> line.matches("\\w+ +CANCELLED +stopped after 300ms +\\d\\S* +0"))
                .extracting(line -> line.split(" ")[0])
                .containsExactly("workflow", "team", "background");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void optionsMayComeBeforeOrAfterTheNameOfTheDemo() {
        var result = Cli.run("demo", "--cancel-after", "100ms", "agent", "--offline-pace", "50");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("stopped after 100ms");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void withNoCancelTheRunCompletes() {
        var result = Cli.run("demo", "agent", "--no-cancel", "--offline-pace", "100000");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Then let us begin with one clock.")
                .containsPattern("Status +COMPLETED")
                .containsPattern("Tokens +\\d+ in, \\d{4} out")
                .containsPattern("Duration +\\S+")
                .doesNotContain("Cancel took");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void aRunThatCompletesBeforeTheCancelIsReportedAsSuch() {
        var result = Cli.run("demo", "agent", "--cancel-after", "1h", "--offline-pace", "100000");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsPattern("Status +COMPLETED")
                .contains("the run completed before it could be cancelled");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void cancelAfterZeroStopsTheRunAtItsStart() {
        var result = Cli.run("demo", "agent", "--cancel-after", "0s");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).containsPattern("Status +CANCELLED");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void aRealServerIsUsedAndSeesItsConnectionClose() {
        try (var provider = FakeProvider.start().byDefault(Script.forever(Duration.ofMillis(10)))) {
            var result = runCountingFrom(
                    "word1 word2",
                    "demo",
                    "agent",
                    "--base-url",
                    provider.baseUrl(),
                    "--model",
                    "tiny",
                    "--cancel-after",
                    "100ms");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .startsWith("Model: OpenAIChat[tiny at " + provider.baseUrl() + ", server OpenAI-compatible]")
                    .contains("word1 word2")
                    .containsPattern("Status +CANCELLED");
            var exchange = provider.awaitRequest(1);
            exchange.awaitClosed();
            assertThat(exchange.request().body().path("model").asText()).isEqualTo("tiny");
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void aHangingServerDoesNotDelayTheCancel() {
        try (var provider = FakeProvider.start().byDefault(Script.hangs(HangPoint.BEFORE_HEADERS))) {
            var hangs = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                provider.awaitRequest(1).awaitHanging();
                hangs.countDown();
            });
            var result = runCountingFrom(
                    hangs,
                    new StringWriter(),
                    "demo",
                    "agent",
                    "--base-url",
                    provider.baseUrl(),
                    "--cancel-after",
                    "100ms");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).containsPattern("Status +CANCELLED").containsPattern("Content preview +none");
            provider.awaitRequest(1).awaitClosed();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void aWrongKeyIsOneLineAndExitCodeOne() {
        try (var provider = FakeProvider.start().byDefault(Script.status(401, "Incorrect API key provided"))) {
            var result = Cli.run("demo", "agent", "--base-url", provider.baseUrl(), "--cancel-after", "1h");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("error: agent: ")
                    .contains("401", "Incorrect API key provided");
            assertThat(result.out()).containsPattern("Status +ERROR").doesNotContain("\tat ");
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void anUnreachableServerIsOneLineAndExitCodeOne() throws IOException {
        int closedPort;
        try (var socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        var result = Cli.run("demo", "--base-url", "http://127.0.0.1:" + closedPort + "/v1", "--cancel-after", "1h");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: workflow: ")
                .contains("127.0.0.1:" + closedPort);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--cancel-after soon | 'soon' is not a duration",
                "--cancel-after 3s --no-cancel | exclude each other",
                "--offline-pace 0 | the offline model is 0.0",
                "--offline-pace fast | 'fast' is not a double",
                "--base-url nonsense | nonsense",
                "--base-url ftp://example.com/v1 | ftp://example.com/v1",
                "--prompt= | --prompt is blank",
                "--cancel-aftr 3s | --cancel-after"
            })
    void wrongInputIsOneClearErrorAndExitCodeTwo(String options, String expected) {
        var line = ("demo agent " + options).split(" ");

        var result = Cli.run(line);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("error: ").contains(expected).doesNotContain("\tat ");
        assertThat(result.err().lines().count()).isLessThanOrEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
