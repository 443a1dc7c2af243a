package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.session.SessionEdit;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several stores on one database at once, and one after the other. */
class SharedDatabaseTest {
    private static final int STORES = 4;
    private static final int PROCESSES = 2;
    private static final int RUNS = 25;

    @Test
    void storesOnOneSqliteFileWorkSideBySide(@TempDir Path folder) throws Exception {
        workSideBySide(() -> JdbcSessionStore.sqlite(folder.resolve("rein.db")));
    }

    @Test
    void storesOnOnePostgresDatabaseWorkSideBySide() throws Exception {
        var url = Postgres.freshDatabase();
        workSideBySide(() -> Postgres.open(url));
    }

    /** The second end waits for the session, which the first has locked, and was live when it began to wait. */
    @Test
    void theSecondOfTwoEndsAtOnceIsToldOfTheFirst() throws Exception {
        var url = Postgres.databaseWithTables();
        try (var store = Postgres.open(url);
                var first = DriverManager.getConnection(url, "postgres", "postgres");
                var statement = first.createStatement();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            store.insert(SampleRows.pending("r", "s"));
            first.setAutoCommit(false);
            statement.execute("select * from rein_sessions where session_id = 's' for update");
            statement.execute("update rein_runs set status = 'COMPLETED' where run_id = 'r'");
            var second = executor.submit(() -> store.finish(SampleRows.ended("r", "s", "second"), List.of()));
            await().until(() -> waitsForALock(statement));
            first.commit();
            assertThat(second.get().run().text()).isEmpty();
        }
    }

    private static boolean waitsForALock(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("select 1 from pg_locks where not granted")) {
            return rows.next();
        }
    }

    /** All begin with an empty database, so they also set it up at once. */
    private static void workSideBySide(Supplier<SessionStore> open) throws Exception {
        var together = new CyclicBarrier(STORES);
        var wins = new ArrayList<Future<Integer>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < STORES; i++) {
                var name = "store " + i;
                wins.add(executor.submit(() -> {
                    together.await();
                    try (var store = open.get()) {
                        return work(store, name);
                    }
                }));
            }
        }
        var all = 0;
        for (var each : wins) {
            all += each.get();
        }
        assertThat(all).as("ends of the shared runs").isEqualTo(RUNS);
        try (var store = open.get()) {
            assertThat(store.runs("s"))
                    .hasSize(STORES * RUNS + RUNS)
                    .allMatch(run -> run.status().isTerminal());
            assertThat(store.session("s").orElseThrow().state()).hasSize(STORES * RUNS);
        }
    }

    /** @return how many of the shared runs it has ended */
    private static int work(SessionStore store, String name) {
        var won = 0;
        for (var i = 0; i < RUNS; i++) {
            var id = name + " " + i;
            assertThat(store.insert(SampleRows.pending(id, "s"))).isTrue();
            store.finish(SampleRows.ended(id, "s", "text"), List.of(new StateChange(id, null, i)));

            store.insert(SampleRows.pending("shared " + i, "s"));
            var mine = SampleRows.ended("shared " + i, "s", name);
            won += store.finish(mine, List.of()).run().text().equals(name) ? 1 : 0;
        }
        return won;
    }

    @Test
    void processesSetUpAndShareOneSqliteFile(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db");
        var processes = new ArrayList<Process>();
        try {
            for (var i = 0; i < PROCESSES; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                SessionWriterMain.class.getName(),
                                file.toString(),
                                "process " + i,
                                String.valueOf(RUNS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (var process : processes) {
                assertThat(process.inputReader().readLine()).isEqualTo("ready");
            }
            for (var process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            for (var process : processes) {
                assertThat(process.waitFor()).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.runs("s"))
                    .hasSize(PROCESSES * RUNS)
                    .allMatch(run -> run.status().isTerminal());
            assertThat(store.session("s").orElseThrow().state()).hasSize(PROCESSES * RUNS);
        }
    }

    @Test
    void afterAReopenEverythingIsThereInSqlite(@TempDir Path folder) {
        everythingIsThereAfterAReopen(() -> JdbcSessionStore.sqlite(folder.resolve("rein.db")));
        assertThat(folder.toFile().list()).containsExactly("rein.db");
    }

    @Test
    void afterAReopenEverythingIsThereInPostgres() {
        var url = Postgres.freshDatabase();
        everythingIsThereAfterAReopen(() -> Postgres.open(url));
    }

    private static void everythingIsThereAfterAReopen(Supplier<SessionStore> open) {
        var end = SampleRows.ended("a", "s", "text");
        try (var store = open.get()) {
            store.insert(SampleRows.pending("a", "s"));
            store.finish(end, List.of(new StateChange("k", null, List.of(1, 2))));
            store.edit("s", SessionEdit.name("Holiday"));
        }
        try (var store = open.get()) {
            assertThat(store.runs("s")).singleElement().satisfies(run -> {
                assertThat(run.text()).isEqualTo("text");
                assertThat(run.messages()).isEqualTo(end.messages());
                assertThat(run.endedAt()).isEqualTo(end.endedAt());
            });
            var session = store.session("s").orElseThrow();
            assertThat(session.name()).isEqualTo("Holiday");
            assertThat(session.state()).containsEntry("k", List.of(1, 2));
        }
    }
}
