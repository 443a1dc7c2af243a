package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of paused runs when their process ends. Closing is final, so each test is a process of its own. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class ProcessEndTest {
    @TempDir
    private Path folder;

    /** What the processes do: they close while one run is paused in the database and another one works. */
    static final class Programs {
        private static final Duration LONG = Duration.ofMinutes(1);

        private Programs() {}

        @Tool(value = "Pays", requiresConfirmation = true)
        public String pay() {
            return "paid";
        }

        public static void main(String... arguments) throws Exception {
            var isHanging = arguments[0].equals("hanging");
            var target = JdbcSessionStore.sqlite(Path.of(arguments[1]));
            var store = InterceptedStore.<SharedStore>of(SharedStore.class, target);
            var paused = Agent.builder()
                    .name("Payer")
                    .model(ScriptedModel.of(Script.toolCall("pay", "{}")))
                    .tools(new Programs())
                    .store(store.store())
                    .storeOptional(true) // for a machine on which the first row takes longer than a start waits for it
                    .storeWait(isHanging ? Duration.ofMillis(250) : LONG)
                    .build()
                    .start("Go", RunOptions.defaults().runId("paused"));
            paused.await(LONG);
            await().atMost(LONG)
                    .until(() -> target.run("paused")
                            .filter(row -> row.status() == RunStatus.PAUSED)
                            .isPresent());
            var model = ScriptedModel.create().waitsForever();
            var working = Agent.builder().name("Waiter").model(model).build().start("Go");
            model.awaitWaiting(1);
            working.onEnd(output -> say("working: " + output.status()));
            switch (arguments[0]) {
                case "hanging" -> store.park("release", "deregister");
                case "resumed" ->
                    store.before("release", _ -> {
                        var row = target.run("paused").orElseThrow();
                        target.adopt("paused", row.epoch(), Objects.requireNonNull(row.owner()));
                    });
                default -> {}
            }
            // Half of it is spent on a database that hangs.
            say("all ended: " + Runs.shared().close(isHanging ? Duration.ofSeconds(8) : LONG));
            Runtime.getRuntime().halt(0);
        }

        private static void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }

    private List<String> run(String program) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Programs.class.getName(),
                        program,
                        folder.resolve("rein.db").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var lines = out.readAllLines();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private StoredRun paused() {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            return store.run("paused").orElseThrow();
        }
    }

    @Test
    void pausedRunsAreReleasedToOtherProcesses() throws Exception {
        assertThat(run("closing")).containsExactly("working: CANCELLED", "all ended: true");
        assertThat(paused().status()).isEqualTo(RunStatus.PAUSED);
        assertThat(paused().owner()).isNull();
    }

    @Test
    void aDatabaseThatHangsHoldsUpNeitherTheStopOfRunsNorTheEnd() throws Exception {
        assertThat(run("hanging")).containsExactly("working: CANCELLED", "all ended: true");
        assertThat(paused().status())
                .as("others get it when the lease has expired")
                .isEqualTo(RunStatus.PAUSED);
    }

    @Test
    void aRunThatIsResumedInThisMomentIsNotLeftRunningWithoutAnOwner() throws Exception {
        assertThat(run("resumed")).containsExactlyInAnyOrder("working: CANCELLED", "all ended: true");
        assertThat(paused().status()).isEqualTo(RunStatus.CANCELLED);
    }
}
