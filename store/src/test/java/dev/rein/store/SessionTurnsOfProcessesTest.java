package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The turns of one session, for the runs of two real processes. */
@Timeout(300)
class SessionTurnsOfProcessesTest {
    /** Longer than a busy machine keeps a process from renewing it. */
    private static final Duration LEASE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    /** One process: starts runs of one session, which note when they begin and end. */
    static final class Program {
        private static final Duration LONG = Duration.ofMinutes(4);

        private Program() {}

        /** Arguments: the database, the file for the notes, and how many runs; 0 for one that hangs. */
        public static void main(String... arguments) throws Exception {
            var notes = Path.of(arguments[1]);
            var count = Integer.parseInt(arguments[2]);
            try (var store = open(arguments[0])) {
                var workflow = Workflow.builder()
                        .name("Turns")
                        .store(store)
                        .storeWait(LONG)
                        .sessionPolicy(SessionPolicy.QUEUE)
                        .steps(Step.of("turn", input -> {
                            note(notes, "begin " + input.context().runId());
                            if (count == 0) {
                                System.out.println("works");
                                new CountDownLatch(1).await();
                            }
                            note(notes, "end " + input.context().runId());
                            return StepOutput.of("done");
                        }))
                        .build();
                if (count > 0) {
                    // A process that has just begun may be slower than a start waits for its store.
                    start(workflow, "warm").await(LONG);
                }
                System.out.println("ready");
                if (System.in.read() < 0) {
                    throw new IllegalStateException("nobody told it to begin");
                }
                var runs = new ArrayList<RunHandle>();
                for (var i = 0; i < Math.max(count, 1); i++) {
                    runs.add(start(workflow, "s"));
                }
                for (var run : runs) {
                    System.out.println(run.await(LONG).status());
                }
            }
        }

        private static RunHandle start(Workflow workflow, String session) {
            for (var tries = 1; ; tries++) {
                try {
                    return workflow.start("Go", RunOptions.defaults().sessionId(session));
                } catch (RunRejectedException e) {
                    if (e.reason() != RunRejectedException.Reason.STORE_UNAVAILABLE || tries == 20) {
                        throw e;
                    }
                }
            }
        }

        private static void note(Path file, String line) throws Exception {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static SharedStore open(String database) {
        return database.startsWith("jdbc:")
                ? JdbcSessionStore.postgres(database, "postgres", "postgres", LEASE)
                : JdbcSessionStore.sqlite(Path.of(database), LEASE);
    }

    private Process begin(String database, int count) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        database,
                        folder.resolve("notes").toString(),
                        String.valueOf(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static void awaitLine(BufferedReader out, String expected) throws Exception {
        for (var line = out.readLine(); !expected.equals(line); line = out.readLine()) {
            assertThat(line)
                    .as("the process has ended before it said: " + expected)
                    .isNotNull();
        }
    }

    private static void go(Process process) throws Exception {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private void workInTurns(String database, int count) throws Exception {
        begin(database, count);
        begin(database, count);
        var outs = processes.stream()
                .map(process -> process.inputReader(StandardCharsets.UTF_8))
                .toList();
        for (var out : outs) {
            awaitLine(out, "ready");
        }
        for (var process : processes) {
            go(process);
        }
        for (var out : outs) {
            assertThat(out.readAllLines().stream().filter("COMPLETED"::equals)).hasSize(count);
        }
        try (var store = open(database)) {
            // Without those that a busy machine has refused.
            var runs = store.runs(RunQuery.of("s").page(1, 1_000)).items().stream()
                    .filter(run -> run.status() == RunStatus.COMPLETED)
                    .toList();
            assertThat(runs).hasSize(2 * count);
            var warm = store.runs("warm").stream().map(StoredRun::runId).toList();
            assertThat(Files.readAllLines(folder.resolve("notes")).stream()
                            .filter(line -> warm.stream().noneMatch(line::endsWith)))
                    .containsExactlyElementsOf(runs.stream()
                            .map(StoredRun::runId)
                            .flatMap(id -> Stream.of("begin " + id, "end " + id))
                            .toList());
        }
    }

    @Test
    void runsOfTwoProcessesOnOneSqliteFileWorkInTheOrderOfTheStore() throws Exception {
        workInTurns(folder.resolve("rein.db").toString(), 8);
    }

    @Test
    void runsOfTwoProcessesOnOnePostgresDatabaseWorkInTheOrderOfTheStore() throws Exception {
        workInTurns(Postgres.freshDatabase(), 8);
    }

    @Test
    @Tag("thorough")
    void twoHundredRunsOnOneSqliteFileWorkInTheOrderOfTheStore() throws Exception {
        workInTurns(folder.resolve("rein.db").toString(), 100);
    }

    @Test
    @Tag("thorough")
    void twoHundredRunsOnOnePostgresDatabaseWorkInTheOrderOfTheStore() throws Exception {
        workInTurns(Postgres.freshDatabase(), 100);
    }

    @Test
    void aKilledProcessHoldsUpTheOthersNoLongerThanItsLease() throws Exception {
        var database = folder.resolve("rein.db").toString();
        var killed = begin(database, 0);
        var out = killed.inputReader(StandardCharsets.UTF_8);
        awaitLine(out, "ready");
        go(killed);
        awaitLine(out, "works");
        try (var store = open(database)) {
            var next = Workflow.builder()
                    .name("Next")
                    .store(store)
                    .storeWait(Duration.ofSeconds(30))
                    .sessionPolicy(SessionPolicy.QUEUE)
                    .steps(Step.of("turn", _ -> StepOutput.of("done")))
                    .build()
                    .start("Go", RunOptions.defaults().sessionId("s"));
            assertThat(next.status()).isEqualTo(RunStatus.PENDING);
            killed.destroyForcibly().waitFor();
            assertThat(next.await(Duration.ofMinutes(2)).status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(store.runs("s")).extracting(StoredRun::status).contains(RunStatus.COMPLETED);
        }
    }
}
