package dev.rein.tools.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.tools.ToolRun;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** Situation 15: a stop ends a tool that is blocked in a query, and the query no longer runs in the database. */
class Situation15BlockedSqlToolTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static @Nullable EmbeddedPostgres server;

    @BeforeAll
    static void startPostgres() throws IOException {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        Objects.requireNonNull(server).close();
    }

    private static DataSource postgres() {
        return Objects.requireNonNull(server).getPostgresDatabase();
    }

    private static int running(String query) throws SQLException {
        return count("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
                + " AND query LIKE '%" + query + "%'");
    }

    private static int count(String sql) throws SQLException {
        try (var connection = postgres().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopCancelsTheQueryInPostgres(boolean allowWrites) throws Exception {
        var tools = SqlTools.builder(postgres()).allowWrites(allowWrites).build();
        var run = ToolRun.start(tools, "query", "{'sql':'SELECT pg_sleep(60)'}");
        await().untilAsserted(() -> assertThat(running("pg_sleep")).isEqualTo(1));

        var output = run.stop();

        assertThat(running("pg_sleep")).isZero();
        assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
    }

    @Test
    void aStopRollsBackTheStatementThatItInterrupts() throws Exception {
        execute("CREATE TABLE slow (n int)");
        var tools = SqlTools.builder(postgres()).allowWrites(true).build();
        var run = ToolRun.start(tools, "query", "{\"sql\":\"INSERT INTO slow SELECT 1 FROM pg_sleep(60)\"}");
        await().untilAsserted(() -> assertThat(running("INSERT INTO slow")).isEqualTo(1));

        run.stop();

        assertThat(count("SELECT count(*) FROM slow")).isZero();
    }

    @Test
    void aStopReleasesAStatementThatWaitsForALock() throws Exception {
        execute("CREATE TABLE locked (n int)");
        try (var holder = postgres().getConnection();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
            var run = ToolRun.start(new SqlTools(postgres()), "query", "{'sql':'SELECT * FROM locked'}");
            await().untilAsserted(() -> assertThat(running("FROM locked")).isEqualTo(1));

            run.stop();

            // The server ends the statement a moment after it has been asked to.
            await().untilAsserted(() -> assertThat(running("FROM locked")).isZero());
            holder.rollback();
        }
    }

    @Test
    void aQueryThatTimesOutIsCancelledInPostgres() throws Exception {
        var tools = SqlTools.builder(postgres()).timeout(Duration.ofMillis(300)).build();

        assertThat(ToolRun.error(tools, "query", "{'sql':'SELECT pg_sleep(60)'}"))
                .contains("the statement took longer than 300 ms and was cancelled");
        assertThat(running("pg_sleep")).isZero();
    }

    @Test
    void postgresIsReadOnly() throws Exception {
        execute("CREATE TABLE kept (n int)");
        execute("INSERT INTO kept VALUES (1)");
        execute("CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM kept RETURNING n'");
        var tools = new SqlTools(postgres());

        assertThat(ToolRun.error(tools, "query", "{'sql':'DELETE FROM kept'}")).contains("only queries are allowed");
        assertThat(ToolRun.error(tools, "query", "{'sql':'COMMIT; DELETE FROM kept'}"))
                .contains("one statement");
        assertThat(ToolRun.error(tools, "query", "{'sql':'WITH d AS (DELETE FROM kept RETURNING n) SELECT * FROM d'}"))
                .contains("read-only transaction");
        assertThat(ToolRun.error(tools, "query", "{'sql':'EXPLAIN ANALYZE DELETE FROM kept'}"))
                .contains("read-only transaction");
        assertThat(ToolRun.error(tools, "query", "{'sql':'SELECT wipe()'}")).contains("read-only transaction");
        assertThat(count("SELECT count(*) FROM kept")).isEqualTo(1);
    }

    @Test
    void rowsAreReturnedAsJson() throws Exception {
        var sql = "\n\t SELECT /* all types */ 1 AS i, 2.50 AS d, 'ä\"' AS t, NULL AS n, true AS b, DATE '2026-01-31'"
                + " AS day, '{1,2}'::int[] AS a, '\\x0102'::bytea AS x, 'NaN'::float8 AS f, 3 AS i;";
        var result = ToolRun.result(
                new SqlTools(postgres()),
                "query",
                JsonNodeFactory.instance.objectNode().put("sql", sql).toString());

        assertThat(result)
                .isEqualTo(
                        "{\"rows\":[{\"i\":1,\"d\":2.50,\"t\":\"ä\\\"\",\"n\":null,\"b\":true,\"day\":\"2026-01-31\","
                                + "\"a\":\"{1,2}\",\"x\":\"[2 bytes]\",\"f\":\"NaN\",\"i_10\":3}]}");
    }

    @Test
    void rowsAboveTheLimitAreOmittedWithANote() throws Exception {
        var tools = SqlTools.builder(postgres()).rowLimit(2).build();

        assertThat(ToolRun.result(tools, "query", "{'sql':'SELECT n FROM generate_series(1, 1000000) n'}"))
                .isEqualTo("{\"rows\":[{\"n\":1},{\"n\":2}],\"note\":\"only the first 2 rows are returned; there are"
                        + " more\"}");
        assertThat(ToolRun.result(tools, "query", "{'sql':'SELECT n FROM generate_series(1, 2) n'}"))
                .isEqualTo("{\"rows\":[{\"n\":1},{\"n\":2}]}");
    }

    @Test
    void writesAreCommittedWhereAllowed() throws Exception {
        execute("CREATE TABLE written (n int)");
        var tools = SqlTools.builder(postgres()).allowWrites(true).build();

        assertThat(ToolRun.result(tools, "query", "{'sql':'INSERT INTO written VALUES (1), (2)'}"))
                .isEqualTo("{\"updated\":2}");
        assertThat(count("SELECT count(*) FROM written")).isEqualTo(2);
    }

    @Test
    void anErrorInTheStatementIsReported() throws Exception {
        assertThat(ToolRun.error(new SqlTools(postgres()), "query", "{'sql':'SELECT nothing FROM nowhere'}"))
                .contains("relation \"nowhere\" does not exist");
        assertThat(ToolRun.error(new SqlTools(postgres()), "query", "{'sql':' ; '}"))
                .contains("only queries are allowed");
    }

    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private static DataSource sqlite(Path directory) throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + directory.resolve("test.db"));
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (n int)");
            statement.execute("INSERT INTO kept VALUES (1)");
        }
        return source;
    }

    @Test
    void aStopInterruptsAQueryOfSqlite(@TempDir Path directory) throws Exception {
        var source = sqlite(directory);
        var run = ToolRun.start(new SqlTools(source), "query", "{'sql':'" + ENDLESS + "'}");
        run.awaitTool();

        var output = run.stop();

        assertThat(Objects.requireNonNull(output.stopTook())).isLessThan(BOUND);
        assertThat(ToolRun.result(new SqlTools(source), "query", "{'sql':'SELECT n FROM kept'}"))
                .isEqualTo("{\"rows\":[{\"n\":1}]}");
    }

    @Test
    void aQueryOfSqliteThatTimesOutIsInterrupted(@TempDir Path directory) throws Exception {
        var tools = SqlTools.builder(sqlite(directory))
                .timeout(Duration.ofMillis(200))
                .build();

        assertThat(ToolRun.error(tools, "query", "{'sql':'" + ENDLESS + "'}")).contains("took longer than 200 ms");
    }

    @Test
    void sqliteIsReadOnlyToo(@TempDir Path directory) throws Exception {
        var source = sqlite(directory);
        var tools = new SqlTools(source);

        ToolRun.start(tools, "query", "{'sql':'WITH x AS (SELECT 1) DELETE FROM kept'}")
                .finish();

        assertThat(ToolRun.result(tools, "query", "{'sql':'SELECT count(*) AS n FROM kept'}"))
                .isEqualTo("{\"rows\":[{\"n\":1}]}");
    }
}
