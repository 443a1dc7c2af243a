package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.session.MemoryQuery;
import dev.rein.session.SessionQuery;
import dev.rein.session.StateChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store in a database does beyond the contract of all stores. */
class JdbcSessionStoreTest {
    private Path file;
    private JdbcSessionStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void idsThatADatabaseCannotHoldAreRefused() {
        for (var id : List.of("a\u0000b", "torn \uD83D", "x".repeat(501))) {
            assertThatThrownBy(() -> store.insert(SampleRows.pending(id, "s")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("run id");
            assertThatThrownBy(() -> store.insert(SampleRows.pending("a", id)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("session id");
        }
        assertThat(store.insert(SampleRows.pending("x".repeat(500), "s"))).isTrue();
    }

    @Test
    void metadataThatJsonCannotHoldIsRefused() {
        var row = SampleRows.row("a", "s", RunStatus.PENDING, "", Map.of("thread", new Object()));
        assertThatThrownBy(() -> store.insert(row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON");
        assertThat(store.run("a")).isEmpty();
        assertThat(store.session("s"))
                .as("the transaction is undone as a whole")
                .isEmpty();
    }

    @Test
    void stateThatJsonCannotHoldIsLeftOutAndTheEndIsStored() {
        store.insert(SampleRows.pending("a", "s"));
        var changes = List.of(new StateChange("bad", null, new Object()), new StateChange("good", null, 1));
        assertThat(store.finish(SampleRows.ended("a", "s", "text"), changes).conflicts())
                .isEmpty();
        assertThat(store.run("a").orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(store.session("s").orElseThrow().state()).isEqualTo(Map.of("good", 1));
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        assertThatThrownBy(() -> store.run("a"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store is closed");
        store.close();
    }

    @Test
    void anInterruptEndsTheWaitAndTheWriteIsDone() throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("begin immediate");
            var write = new FutureTask<>(() -> store.insert(SampleRows.pending("a", "s")));
            var caller = Thread.ofVirtual().start(() -> {
                write.run();
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
            await().until(() -> writerIsAlive() && caller.getState() == Thread.State.TIMED_WAITING);
            caller.interrupt();
            caller.join();
            assertThat(write.exceptionNow()).isInstanceOf(StoreException.class).hasMessageContaining("interrupted");
            statement.execute("commit");
        }
        await().until(() -> store.run("a").isPresent());
    }

    private static boolean writerIsAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("rein-database-write") && !thread.isVirtual());
    }

    @Test
    void nothingIsLeftAfterClose() {
        store.run("a");
        store.insert(SampleRows.pending("a", "s"));
        store.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("rein-database")));
    }

    /** Left to SQLite, that happens at close, or in the middle of a write, which then waits for the disk. */
    @Test
    void whatIsWrittenComesIntoTheFileWhileTheStoreIsOpen() {
        store.insert(SampleRows.pending("first", "s"));
        var others = new AtomicInteger();
        await().until(() -> {
            store.insert(SampleRows.pending("other " + others.incrementAndGet(), "s"));
            return isInFile("first");
        });
        assertThat(others.get()).as("too few for SQLite's own thousand pages").isLessThan(1_000);
    }

    /** Whether a run is in the file itself, without the log that belongs to it. */
    private boolean isInFile(String runId) throws IOException {
        var copy = Files.copy(file, file.resolveSibling("copy.db"), StandardCopyOption.REPLACE_EXISTING);
        try (var alone = DriverManager.getConnection("jdbc:sqlite:" + copy);
                var query = alone.prepareStatement("select 1 from rein_runs where run_id = ?")) {
            query.setString(1, runId);
            try (var found = query.executeQuery()) {
                return found.next();
            }
        } catch (SQLException e) {
            // Copied in the middle of it, or before there were tables in it.
            return false;
        }
    }

    @Test
    void appendingARunLeavesTheEarlierOnesAlone() throws Exception {
        store.insert(SampleRows.ended("a", "s", "first"));
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("create table touched (run_id text)");
            statement.execute(
                    "create trigger touch after update on rein_runs begin insert into touched values (old.run_id);"
                            + " end");
            store.insert(SampleRows.pending("b", "s"));
            store.finish(SampleRows.ended("b", "s", "second"), List.of());
            try (var touched = statement.executeQuery("select group_concat(run_id) from touched")) {
                assertThat(touched.next()).isTrue();
                assertThat(touched.getString(1)).isEqualTo("b");
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsAClearError() {
        assertThatThrownBy(() -> JdbcSessionStore.postgres("jdbc:postgresql://localhost:1/rein", "me", "secret"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("as user me can't be opened")
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> JdbcSessionStore.postgres("postgres://me:secret@localhost/rein", "me", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:postgresql://")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aLongReadLeavesTheWriterAlone() throws Exception {
        store.insert(SampleRows.pending("a", "s"));
        var seen = new ArrayList<String>();
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            store.forEachRun(Instant.EPOCH, Instant.now().plusSeconds(60), null, run -> {
                seen.add(String.valueOf(run.sessionId()));
                assertThat(store.insert(SampleRows.pending("during", "s"))).isTrue();
                store.finish(SampleRows.ended("a", "s", "text"), List.of());
                try {
                    statement.execute("pragma busy_timeout = 0");
                    statement.execute("begin immediate");
                    statement.execute("rollback");
                } catch (SQLException e) {
                    throw new AssertionError("the reader has the lock of the writer", e);
                }
            });
        }
        assertThat(seen).as("as it was when the read began").containsExactly("s");
        assertThat(store.run("a").orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void everyReadHasItsAnswerWhileAnotherProcessWrites() throws Exception {
        store.insert(SampleRows.pending("a", "s"));
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("begin immediate");
            var before = System.nanoTime();
            assertThat(store.run("a")).isPresent();
            assertThat(store.session("s")).isPresent();
            assertThat(store.runs("s")).hasSize(1);
            assertThat(store.latest("s", Set.of(RunStatus.PENDING), 1)).hasSize(1);
            assertThat(store.sessions(SessionQuery.all()).items()).hasSize(1);
            assertThat(store.overviews(List.of("s"))).hasSize(1);
            assertThat(store.events("a", -1, 1)).isEmpty();
            assertThat(store.poll("me").deadOwners()).isEmpty();
            assertThat(store.isAcknowledged("a")).isTrue();
            assertThat(store.requestCancel("unknown", CancelRequest.now())).isEmpty();
            assertThat(store.memory("unknown")).isEmpty();
            assertThat(store.memories(MemoryQuery.all()).items()).isEmpty();
            assertThat(store.memoryTopics(null)).isEmpty();
            assertThat(store.memoriesByUser(null, 1, 1).items()).isEmpty();
            store.forEachRun(Instant.EPOCH, Instant.now().plusSeconds(60), null, _ -> {});
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("none has waited for the lock, which takes 5 s to fail")
                    .isLessThan(Duration.ofSeconds(4));
            statement.execute("rollback");
        }
    }
}
