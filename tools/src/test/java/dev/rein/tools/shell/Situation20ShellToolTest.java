package dev.rein.tools.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.tools.Processes;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Situation 20: a shell tool with children and grandchildren is stopped, and none is running afterwards. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class Situation20ShellToolTest {
    @TempDir
    private Path directory;

    @AfterEach
    void killProcessesOfFailedTests() throws IOException {
        for (var pid : pids()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private ShellTools tools() {
        return ShellTools.builder().directory(directory).build();
    }

    private static String arguments(String command) {
        return JsonNodeFactory.instance.objectNode().put("command", command).toString();
    }

    private String result(String command) throws Exception {
        return ToolRun.result(tools(), "run_command", arguments(command));
    }

    /** Reads the ids that processes have written to files whose names end in .pid. */
    private List<Long> pids() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pid"))
                    .map(Situation20ShellToolTest::content)
                    .filter(text -> text.endsWith("\n"))
                    .map(text -> Long.parseLong(text.strip()))
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private List<Long> running() throws IOException {
        return pids().stream().filter(Processes::runs).toList();
    }

    private ToolRun startTreeOf(int processes, String command) {
        var run = ToolRun.start(tools(), "run_command", arguments(command));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(running()).hasSize(processes));
        return run;
    }

    @Test
    void aTreeOfSixIsGoneWhenTheRunHasEnded() throws Exception {
        var run = startTreeOf(6, """
            child() { sh -c 'echo $$ > '$1'.pid; sleep 300 & echo $! > '$1'child.pid; wait'; }
            echo $$ > root.pid
            child a & child b &
            sleep 300 & echo $! > c.pid
            wait
            """);

        var output = run.stop();

        assertThat(running()).isEmpty();
        assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aProcessThatIgnoresTermIsKilled() throws Exception {
        var run = startTreeOf(2, """
            sh -c 'trap "" TERM; echo $$ > deaf.pid; while :; do sleep 1; done' &
            echo $$ > root.pid
            wait
            """);

        run.stop();

        assertThat(running()).isEmpty();
    }

    @Test
    void processesStartedOnTermAreEndedToo() throws Exception {
        var run = startTreeOf(1, """
            trap 'sleep 300 & echo $! > late.pid; setsid sleep 300 & echo $! > later.pid; exit' TERM
            echo $$ > root.pid
            while :; do sleep 0.05; done
            """);

        run.stop();

        assertThat(pids()).hasSize(3);
        assertThat(running()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessInItsOwnSessionIsEndedToo() throws Exception {
        var run = startTreeOf(3, """
            setsid sh -c 'echo $$ > session.pid; sleep 300' &
            (setsid sh -c 'echo $$ > daemon.pid; exec sleep 300' &)
            echo $$ > root.pid
            wait
            """);

        run.stop();

        assertThat(running()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDaemonThatHasClearedItsEnvironmentIsFoundByItsSession() throws Exception {
        var run = startTreeOf(2, """
            (env -i sh -c 'echo $$ > daemon.pid; exec sleep 300' &)
            echo $$ > root.pid
            sleep 300
            """);

        run.stop();

        assertThat(running()).isEmpty();
    }

    @Test
    void aCommandWithEndlessOutputIsStopped() throws Exception {
        var run = startTreeOf(1, "echo $$ > root.pid; exec yes");

        var output = run.stop();

        assertThat(running()).isEmpty();
        assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void theResultContainsTheExitCodeAndBothOutputs() throws Exception {
        assertThat(result("echo out; echo err >&2; echo \"quo'ted\"; exit 3"))
                .isEqualTo("exit code 3\nout\nerr\nquo'ted\n");
        assertThat(result("true")).isEqualTo("exit code 0\n");
        assertThat(result("printf 'no line end'")).isEqualTo("exit code 0\nno line end");
        assertThat(result("syntax error (")).startsWith("exit code 2\n");
        assertThat(result("no-such-program-anywhere")).startsWith("exit code 127\n");
        assertThat(result("kill -9 $$")).startsWith("exit code 137\n");
        assertThat(result("exec cat")).as("there is no input").isEqualTo("exit code 0\n");
        assertThat(result("printf '\\303\\244\\377'")).isEqualTo("exit code 0\nä\uFFFD");
    }

    @Test
    void backgroundProcessesAreEndedAndDelayNothing() throws Exception {
        var started = System.nanoTime();

        var text = result("sleep 300 & echo $! > sleep.pid; echo started");
        var noisy = result("yes & echo $! > yes.pid; (trap '' TERM; yes) & sleep 0.2; exit 4");

        assertThat(text).isEqualTo("exit code 0\nstarted\n");
        assertThat(noisy).startsWith("exit code 4\n").hasSizeLessThan(70_000).contains("bytes omitted");
        assertThat(running()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void theBeginningAndEndOfALongOutputAreKept() throws Exception {
        var tools = ShellTools.builder().outputLimit(100).build();
        var text = ToolRun.result(tools, "run_command", arguments("seq 1 100000"));

        assertThat(text)
                .startsWith("exit code 0\n1\n2\n3\n")
                .endsWith("\n99999\n100000\n")
                .contains("[... 588795 bytes omitted ...]")
                .hasSizeLessThan(200);
    }

    @Test
    void aCommandThatTimesOutIsEndedAndItsOutputKept() throws Exception {
        var text = ToolRun.result(
                tools(),
                "run_command",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("command", "echo begun; sleep 300 & echo $! > sleep.pid; wait")
                        .put("timeoutSeconds", 1)
                        .toString());

        assertThat(text).startsWith("[timed out and was ended after 1 s").endsWith("\nbegun\n");
        assertThat(pids()).hasSize(1);
        assertThat(running()).isEmpty();
    }

    @Test
    void timeoutsOutOfRangeAndBlankCommandsAreRejected() throws Exception {
        assertThat(ToolRun.error(tools(), "run_command", "{'command':'true','timeoutSeconds':0}"))
                .contains("\"timeoutSeconds\" is 0: use a whole number from 1 to 600");
        assertThat(ToolRun.error(tools(), "run_command", "{'command':'true','timeoutSeconds':601}"))
                .contains("from 1 to 600");
        assertThat(ToolRun.error(tools(), "run_command", "{'command':' '}")).contains("\"command\" is blank");
    }

    @Test
    void onlyAllowedCommandsRun() throws Exception {
        var tools = ShellTools.builder()
                .directory(directory)
                .allowed(command -> command.equals("echo yes"))
                .build();

        assertThat(ToolRun.result(tools, "run_command", arguments("echo yes"))).endsWith("yes\n");
        assertThat(ToolRun.error(tools, "run_command", arguments("echo $$ > forbidden.pid")))
                .contains("not allowed here: echo $$");
        assertThat(pids()).isEmpty();
    }

    @Test
    void theEnvironmentIsSmallAndCanBeExtended() throws Exception {
        var tools =
                ShellTools.builder().environment(Map.of("GREETING", "hello")).build();
        var names = ToolRun.result(tools, "run_command", arguments("env"))
                .lines()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();

        assertThat(names)
                .contains("GREETING", "PATH")
                .isSubsetOf(
                        "GREETING",
                        "PATH",
                        "HOME",
                        "USER",
                        "LOGNAME",
                        "SHELL",
                        "LANG",
                        "LC_ALL",
                        "LC_CTYPE",
                        "TZ",
                        "TMPDIR",
                        "JAVA_HOME",
                        "TERM",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_",
                        "REIN_PROCESS_TREE");
    }

    @Test
    void invalidOptionsAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellTools.builder().directory(directory.resolve("nowhere")))
                .withMessageContaining("nowhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellTools.builder().timeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellTools.builder().outputLimit(1));
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> ShellTools.builder().timeout(Duration.ofHours(1)).build())
                .withMessageContaining("PT1H");
    }

    @Test
    void headAndTailOfAnOutputAreKeptForAllChunkSizes() {
        for (int piece : new int[] {1, 2, 3, 7, 30}) {
            var kept = new HeadTail(10);
            var all = "abcdefghijklmnopqrstuvwxyz".getBytes(UTF_8);
            for (int i = 0; i < all.length; i += piece) {
                var bytes = java.util.Arrays.copyOfRange(all, i, Math.min(all.length, i + piece));
                kept.add(bytes, bytes.length);
            }
            assertThat(kept.text()).isEqualTo("abcde\n[... 16 bytes omitted ...]\nvwxyz");
        }
        var little = new HeadTail(10);
        little.add("abcdefg".getBytes(UTF_8), 7);
        assertThat(little.text()).isEqualTo("abcdefg");
        assertThat(little.dropped()).isZero();
    }
}
