package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionQuery;
import dev.rein.session.SharedStore.CancelRequests;
import dev.rein.session.StoredRun;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows with values that this version does not know, or can't read at all. */
class LaterVersionTest {
    private Path file;
    private JdbcSessionStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file);
        for (var id : List.of("a", "b", "c")) {
            store.insert(SampleRows.row(id, "s", RunStatus.RUNNING, "text of " + id, Map.of())
                    .ownedBy("me", 1));
        }
        store.register("me");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void change(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private StoredRun run(String id) {
        return store.run(id).orElseThrow();
    }

    @Test
    void unknownStatusesAreKnownOnes() throws Exception {
        change("update rein_runs set status = 'DREAMING' where run_id = 'a'");
        change("update rein_runs set status = 'EXPIRED', ended_at = 1 where run_id = 'b'");
        assertThat(store.runs("s"))
                .extracting(StoredRun::status)
                .containsExactly(RunStatus.RUNNING, RunStatus.ERROR, RunStatus.RUNNING);
        assertThat(store.previews(RunQuery.of("s"), 10).items())
                .extracting(preview -> preview.status())
                .containsExactly(RunStatus.RUNNING, RunStatus.ERROR, RunStatus.RUNNING);
        assertThat(run("a").text()).isEqualTo("text of a");
        store.finish(SampleRows.ended("b", "s", "other").ownedBy("me", 1), List.of());
        assertThat(run("b").text()).as("it has ended").isEqualTo("text of b");
        store.deregister("me");
        assertThat(store.endRunsOf("me")).hasSize(2);
    }

    @Test
    void unknownKindsAndModesAreKnownOnes() throws Exception {
        change("update rein_runs set source = 'SWARM', mode = 'AFTER_LUNCH',"
                + " cause = '{\"kind\": \"WEATHER\", \"reason\": \"rain\", \"requestedAt\": \"2025-01-01T00:00:00Z\","
                + " \"stage\": \"OUTSIDE\", \"more\": 1}' where run_id = 'a'");
        change("update rein_sessions set source = 'SWARM'");
        var run = run("a");
        assertThat(run.source()).isEqualTo(ComponentKind.AGENT);
        assertThat(run.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(Objects.requireNonNull(run.cause()).kind()).isEqualTo(CancelKind.USER);
        assertThat(run.cause().reason()).isEqualTo("rain");
        assertThat(store.sessions(SessionQuery.all()).items()).hasSize(1);
        var count = new AtomicInteger();
        store.forEachRun(Instant.EPOCH, Instant.now().plusSeconds(60), null, _ -> count.incrementAndGet());
        assertThat(count).hasValue(3);
    }

    @Test
    void anUnknownStopIsAStopAndKeepsNoOtherStopFromItsRun() throws Exception {
        for (var id : List.of("a", "b", "c")) {
            store.requestCancel(id, CancelRequest.afterTurn().reason("stop " + id));
        }
        change("update rein_runs set asked = replace(asked, 'AFTER_TURN', 'AFTER_LUNCH') where run_id = 'a'");
        change("update rein_runs set asked = 'not JSON at all' where run_id = 'b'");
        var seen = store.poll("me");
        assertThat(seen.cancelRequests()).extracting(CancelRequests::runId).containsExactlyInAnyOrder("a", "b", "c");
        for (var requests : seen.cancelRequests()) {
            var request = requests.requests().getFirst();
            assertThat(request.mode()).isEqualTo(requests.runId().equals("c") ? CancelMode.AFTER_TURN : CancelMode.NOW);
            assertThat(request.reason()).isEqualTo(requests.runId().equals("b") ? null : "stop " + requests.runId());
        }
        store.acknowledge("me", seen);
        assertThat(store.poll("me").cancelRequests()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsLeftOutOfItsRowAndStaysInIt() throws Exception {
        change("update rein_runs set messages = '[{\"role\": \"ORACLE\"}]', metrics = '{', input = '17',"
                + " tools = 'null', pause = '\"later\"', metadata = '[]' where run_id = 'a'");
        change("update rein_sessions set state = '{', metadata = '{\"kept\": 1, \"none\": null}'");
        var session = store.session("s").orElseThrow();
        assertThat(session.state()).isEmpty();
        assertThat(session.metadata()).isEqualTo(Map.of("kept", 1));
        assertThat(store.runs("s")).hasSize(3);
        assertThat(store.overviews(List.of("s"))).hasSize(1);
        assertThat(store.previews(RunQuery.of("s"), 10).items()).hasSize(3);
        var run = run("a");
        assertThat(run.text()).isEqualTo("text of a");
        assertThat(run.messages()).isEmpty();
        assertThat(run.pause()).isNull();
        store.deregister("me");
        store.endRunsOf("me");
        assertThat(run("a").status()).isEqualTo(RunStatus.ERROR);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var row = connection
                        .createStatement()
                        .executeQuery("select messages from rein_runs where run_id = 'a'")) {
            assertThat(row.getString(1)).contains("ORACLE");
        }
    }

    @Test
    void anEventThatCannotBeReadCostsItselfOnly() throws Exception {
        store.append(List.of(SampleRows.event("a", 0), SampleRows.event("a", 1), SampleRows.event("a", 2)));
        store.append(List.of(SampleRows.event("a", 3)));
        for (var i = 4; i < 70; i++) {
            store.append(List.of(SampleRows.event("a", i)));
        }
        change("update rein_events set events = replace(events, '[0,1,0]', '\"x\"') where first_index = 0");
        change("update rein_events set events = 'no JSON' where first_index = 3");
        change("update rein_events set events = replace(events, 'RunContent', 'RunDream')"
                + " where first_index between 4 and 68");
        assertThat(store.events("a", -1, 100))
                .extracting(event -> event.index())
                .containsExactly(0L, 2L, 69L);
    }
}
