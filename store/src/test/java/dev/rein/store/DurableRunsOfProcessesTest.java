package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs that real processes execute, which are killed or suspended meanwhile. */
@Timeout(300)
class DurableRunsOfProcessesTest {
    private static final Duration LEASE = Duration.ofSeconds(4);
    /** A slow machine may keep a process from renewing its lease, which costs an attempt. */
    private static final RunOptions DURABLE =
            RunOptions.defaults().durable(DurableOptions.defaults().attempts(50));

    private static final String UNKNOWN =
            "Interrupted: the run was stopped while this tool ran. Its effects are unknown.";

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    /** One process: executes durable runs until it is killed. */
    static final class Program {
        private Program() {}

        /** Arguments: the database, and what the step answers; "hang" for one that never ends; and a file for notes. */
        public static void main(String... arguments) throws Exception {
            try (var store = open(arguments[0])) {
                Runs.shared().executeDurableRuns(flow(Runs.shared(), store, _ -> {
                    System.out.println("works");
                    if (arguments[1].equals("hang")) {
                        new CountDownLatch(1).await();
                    }
                    return StepOutput.of(arguments[1]);
                }));
                Runs.shared().executeDurableRuns(clerk(Runs.shared(), store, arguments[1], arguments[2]));
                System.out.println("ready");
                new CountDownLatch(1).await();
            }
        }
    }

    /** Tools that note each call in a file. */
    static final class Tools {
        private final Path notes;

        Tools(Path notes) {
            this.notes = notes;
        }

        private void note(String call) throws IOException {
            Files.writeString(notes, call + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Tool("Charges a card")
        public String charge() throws IOException {
            note("charge");
            return "charged";
        }

        @Tool("Ships a parcel, which never ends")
        public String ship() throws Exception {
            note("ship");
            System.out.println("works");
            new CountDownLatch(1).await();
            return "shipped";
        }
    }

    /** An agent that charges and ships, or just answers. */
    static Agent clerk(Runs runs, RunQueue store, String answer, String notes) {
        var model = answer.equals("hang")
                ? ScriptedModel.of(Script.toolCall("charge", "{}"), Script.toolCall("ship", "{}"), Script.text("never"))
                : ScriptedModel.of(answer);
        return Agent.builder()
                .name("Clerk")
                .runs(runs)
                .store(store)
                .storeWait(LONG)
                .model(model)
                .tools(new Tools(Path.of(notes)))
                .build();
    }

    static Workflow flow(Runs runs, RunQueue store, StepFunction step) {
        return Workflow.builder()
                .name("Flow")
                .runs(runs)
                .store(store)
                .storeWait(LONG)
                .steps(Step.of("only", step))
                .build();
    }

    private static RunQueue open(String database) {
        return database.startsWith("jdbc:")
                ? JdbcSessionStore.postgres(database, "postgres", "postgres", LEASE)
                : JdbcSessionStore.sqlite(Path.of(database), LEASE);
    }

    private BufferedReader begin(String database, String answer) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        database,
                        answer,
                        folder.resolve("notes").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        var out = process.inputReader(StandardCharsets.UTF_8);
        awaitLine(out, "ready");
        return out;
    }

    private static void awaitLine(BufferedReader out, String expected) throws Exception {
        for (var line = out.readLine(); !expected.equals(line); line = out.readLine()) {
            assertThat(line)
                    .as("the process has ended before it said: " + expected)
                    .isNotNull();
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private interface Scenario {
        void play(RunHandle run, RunQueue store) throws Exception;
    }

    private void play(String database, Scenario scenario) throws Exception {
        try (var store = open(database);
                var runs = Runs.create()) {
            runs.durableSlots(0);
            var flow = flow(runs, store, _ -> StepOutput.of("this process executes none"));
            scenario.play(flow.start("Go", DURABLE), store);
        }
    }

    private String sqlite() {
        return folder.resolve("rein.db").toString();
    }

    // ---- killed

    private void goOnAfterAKill(String database) throws Exception {
        play(database, (run, store) -> {
            awaitLine(begin(database, "hang"), "works");
            processes.getFirst().destroyForcibly().waitFor();
            begin(database, "done by the second");
            assertThat(run.await(LONG).text()).isEqualTo("done by the second");
            assertThat(store.queued(run.id()).orElseThrow().attempt()).isGreaterThan(1);
        });
    }

    @Test
    void aRunOfAKilledProcessIsExecutedByAnotherOneOnPostgres() throws Exception {
        goOnAfterAKill(Postgres.freshDatabase());
    }

    @Test
    void aRunOfAKilledProcessIsExecutedByAnotherOneOnSqlite() throws Exception {
        goOnAfterAKill(sqlite());
    }

    private void repeatNoToolCall(String database) throws Exception {
        try (var store = open(database);
                var runs = Runs.create()) {
            runs.durableSlots(0);
            var run = clerk(runs, store, "this process executes none", "none").start("Go", DURABLE);
            awaitLine(begin(database, "hang"), "works");
            processes.getFirst().destroyForcibly().waitFor();
            begin(database, "done by the second");
            var output = run.await(LONG);
            assertThat(output.text()).isEqualTo("done by the second");
            assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("charged", UNKNOWN);
            assertThat(Files.readAllLines(folder.resolve("notes"))).containsExactly("charge", "ship");
        }
    }

    @Test
    void aKillRepeatsNoToolCallOnPostgres() throws Exception {
        repeatNoToolCall(Postgres.freshDatabase());
    }

    @Test
    void aKillRepeatsNoToolCallOnSqlite() throws Exception {
        repeatNoToolCall(sqlite());
    }

    // ---- asked to end

    @Test
    void aProcessThatIsAskedToEndHandsItsRunsOver() throws Exception {
        var database = Postgres.freshDatabase();
        try (var store = open(database);
                var runs = Runs.create()) {
            runs.durableSlots(0);
            var run = clerk(runs, store, "this process executes none", "none").start("Go", DURABLE);
            awaitLine(begin(database, "hang"), "works");
            signal(processes.getFirst(), "TERM");
            assertThat(processes.getFirst().waitFor(2, TimeUnit.MINUTES)).isTrue();
            var row = store.run(run.id()).orElseThrow();
            assertThat(row.status()).isEqualTo(RunStatus.PENDING);
            assertThat(row.owner()).isNull();
            begin(database, "done by the second");
            assertThat(run.await(LONG).text()).isEqualTo("done by the second");
            assertThat(Files.readAllLines(folder.resolve("notes"))).containsExactly("charge", "ship");
        }
    }

    // ---- suspended

    private void writeNothingAfterASuspension(String database) throws Exception {
        play(database, (run, store) -> {
            awaitLine(begin(database, "hang"), "works");
            await().atMost(LONG).until(() -> store.run(run.id()).orElseThrow().status() == RunStatus.RUNNING);
            signal(processes.getFirst(), "STOP");
            begin(database, "done by the second");
            assertThat(run.await(LONG).text()).isEqualTo("done by the second");
            var end = store.run(run.id()).orElseThrow();
            var events = store.events(run.id(), -1, 1_000);
            signal(processes.getFirst(), "CONT");
            // It is alive again when it has claimed and begun another run.
            processes.get(1).destroyForcibly().waitFor();
            var next = flow(Runs.shared(), store, _ -> StepOutput.of("never"));
            Runs.shared().durableSlots(0);
            var second = next.start("Go", DURABLE);
            await().atMost(LONG)
                    .until(() -> store.run(second.id()).orElseThrow().status() == RunStatus.RUNNING);
            assertThat(store.run(run.id())).contains(end);
            assertThat(store.events(run.id(), -1, 1_000)).isEqualTo(events);
            second.cancel();
            assertThat(second.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        });
    }

    @Test
    void aProcessThatWakesUpLateWritesNothingOnPostgres() throws Exception {
        writeNothingAfterASuspension(Postgres.freshDatabase());
    }

    @Test
    void aProcessThatWakesUpLateWritesNothingOnSqlite() throws Exception {
        writeNothingAfterASuspension(sqlite());
    }
}
