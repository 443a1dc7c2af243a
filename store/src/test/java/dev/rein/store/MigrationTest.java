package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.runtime.RunOptions;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StoredRun;
import dev.rein.session.UserMemory;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database file that an earlier version of the schema has written is brought up to date when it is opened, and nothing in
 * it is lost. {@code schema-1.db} has a conversation of two answers and a stop, and a workflow; {@code schema-5.db} has the same, and so
 * has {@code schema-6.db}, where a process has yet to hear that another one has a run of its own, {@code schema-7.db} and
 * {@code schema-8.db}.
 */
class MigrationTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void copy() throws Exception {
        copy("schema-1.db");
    }

    private void copy(String resource) throws IOException {
        file = folder.resolve("rein.db");
        try (var old = getClass().getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(old), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private int version() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var row = connection
                        .createStatement()
                        .executeQuery("select max(cast(version as integer)) from rein_schema_history")) {
            return row.getInt(1);
        }
    }

    @Test
    void whatWasStoredIsThere() {
        try (var store = JdbcSessionStore.sqlite(file)) {
            var session = store.session("conversation").orElseThrow();
            assertThat(session.userId()).isEqualTo("odile");
            assertThat(session.state()).containsEntry("time", 7);
            assertThat(store.runs("conversation"))
                    .extracting(StoredRun::status, StoredRun::text)
                    .containsExactly(
                            tuple(RunStatus.COMPLETED, "Nice to meet you, Odile."),
                            tuple(RunStatus.COMPLETED, "It is 7."),
                            tuple(RunStatus.CANCELLED, "Once upon "));
            assertThat(store.events("run-3", -1, 100).getLast()).isInstanceOf(RunCancelled.class);
            assertThat(store.events("run-4", -1, 100).getLast()).isInstanceOf(WorkflowCompleted.class);
        }
    }

    @Test
    void runsOfTheVersionBeforeTheTurnsOfSessionsHoldUpNobody() throws Exception {
        copy("schema-5.db");
        assertThat(version()).isEqualTo(5);
        whatWasStoredIsThere();
        try (var store = JdbcSessionStore.sqlite(file)) {
            var agent = Agent.builder()
                    .model(ScriptedModel.of("Hello."))
                    .store(store)
                    .storeWait(Duration.ofSeconds(20))
                    .sessionPolicy(SessionPolicy.QUEUE)
                    .build();
            assertThat(agent.run("Hi", RunOptions.defaults().sessionId("conversation"))
                            .status())
                    .isEqualTo(RunStatus.COMPLETED);
        }
    }

    @Test
    void whatAProcessHasYetToHearIsKept() throws Exception {
        copy("schema-6.db");
        assertThat(version()).isEqualTo(6);
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.poll("first").lostRuns()).hasSize(1);
        }
    }

    @Test
    void listsOfTheVersionBeforeTheirIndexAreTheSame() throws Exception {
        copy("schema-7.db");
        assertThat(version()).isEqualTo(7);
        whatWasStoredIsThere();
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.previews(RunQuery.of("conversation"), 0).items())
                    .extracting(RunPreview::runId)
                    .containsExactly("run-1", "run-2", "run-3");
        }
    }

    @Test
    void runsOfTheVersionBeforeTheQueueAreInNoQueue() throws Exception {
        copy("schema-8.db");
        assertThat(version()).isEqualTo(8);
        whatWasStoredIsThere();
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.queued("run-1")).isEmpty();
        }
    }

    @Test
    void aDatabaseOfALaterVersionIsRefused() throws Exception {
        JdbcSessionStore.sqlite(file).close();
        var known = version();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(
                    "insert into rein_schema_history select installed_rank + 1, '99', 'later', type, 'V99__later.sql',"
                            + " checksum, installed_by, installed_on, execution_time, success from rein_schema_history"
                            + " order by installed_rank desc limit 1");
        }

        assertThatThrownBy(() -> JdbcSessionStore.sqlite(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("SQLite file " + file + " can't be opened: its tables have version 99")
                .hasMessageContaining("up to " + known)
                .hasMessageContaining("Use that one, or another database");
    }

    @Test
    void theConversationGoesOn() {
        var model = ScriptedModel.of(Script.text("You are Odile."));
        try (var store = JdbcSessionStore.sqlite(file)) {
            var agent = Agent.builder()
                    .name("Talker")
                    .model(model)
                    .store(store)
                    .addHistory(5)
                    .storeWait(Duration.ofSeconds(20))
                    .build();
            assertThat(agent.run("Who am I?", RunOptions.defaults().sessionId("conversation"))
                            .stored())
                    .isTrue();
            assertThat(store.runs("conversation")).hasSize(4);
        }
        MessageRules.checkAll(model.request(1).messages());
        assertThat(model.request(1).messages().toString()).contains("My name is Odile.", "Once upon");
    }

    @Test
    void whatTheEarlierVersionCouldNotStoreIsStored() throws Exception {
        assertThat(version()).isEqualTo(1);
        var now = Instant.ofEpochSecond(1);
        try (var store = JdbcSessionStore.sqlite(file)) {
            store.put(new UserMemory("m", "Likes the Alps", List.of(), null, null, "odile", now, now));
            assertThat(store.memory("m")).isPresent();
        }
        assertThat(version()).isGreaterThan(1);
    }

    @Test
    void aFileOfALaterVersionIsRefusedAndLeftAsItIs() throws Exception {
        JdbcSessionStore.sqlite(file).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("update rein_schema_history set version = '999' where installed_rank ="
                    + " (select max(installed_rank) from rein_schema_history)");
        }
        assertThatThrownBy(() -> JdbcSessionStore.sqlite(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
        assertThat(version()).isEqualTo(999);
    }
}
