package dev.rein.tools.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.tools.ToolRun;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** What the read-only mode lets through, and how large a result may be, with a superuser of a real PostgreSQL and with SQLite. */
class SqlToolsTest {
    private static final int MIB = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static @Nullable EmbeddedPostgres server;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

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

    private DataSource sqlite() throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + directory.resolve("test.db"));
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (n int)");
            statement.execute("INSERT INTO kept VALUES (1)");
        }
        return source;
    }

    private static String arguments(String sql) {
        return JsonNodeFactory.instance.objectNode().put("sql", sql).toString();
    }

    private static String error(SqlTools tools, String sql) throws Exception {
        return ToolRun.error(tools, "query", arguments(sql));
    }

    private static String result(SqlTools tools, String sql) throws Exception {
        return ToolRun.result(tools, "query", arguments(sql));
    }

    /** Each of these begins with a query for a reader of comments that is not PostgreSQL, or as one that is not strict. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/* /* */ SELECT 1 */ COPY",
                "/* /* */ SELECT */ */ COPY",
                "-- SELECT 1\rCOPY",
                "-- \rCOPY",
                "/**/COPY",
                "--\nCOPY",
                "(COPY",
                "\ufeffCOPY",
                "\u00a0COPY",
                "COPY"
            })
    void noProgramRunsInPostgres(String start) throws Exception {
        var mark = directory.resolve("ran");
        var command = " (SELECT 1) TO PROGRAM 'touch " + mark + "'";

        assertThat(error(new SqlTools(postgres()), start + command)).contains("only queries are allowed");

        assertThat(mark).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/* a */ SELECT 1", "-- a\nSELECT 1", "(SELECT 1)", "SELECTED", "SELECT_1", "", "/* "})
    void nothingStandsBeforeTheFirstWord(String sql) throws Exception {
        assertThat(error(new SqlTools(postgres()), sql)).contains("only queries are allowed");
        assertThat(error(new SqlTools(sqlite()), sql)).contains("only queries are allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " \r\n\t SELECT 1 AS n",
                "select/* a */1 AS n",
                "WITH a AS (SELECT 1 AS n) SELECT n FROM a",
                "SELECT 1 AS n -- the end"
            })
    void queriesAreExecuted(String sql) throws Exception {
        assertThat(result(new SqlTools(postgres()), sql)).isEqualTo("{\"rows\":[{\"n\":1}]}");
        assertThat(result(new SqlTools(sqlite()), sql)).isEqualTo("{\"rows\":[{\"n\":1}]}");
    }

    @Test
    void postgresIsReadOnlyEvenIfTheDriverIgnoresIt() throws Exception {
        var source = (PGSimpleDataSource) postgres();
        source.setReadOnlyMode("ignore");

        assertThat(error(new SqlTools(source), "SELECT 1 INTO made")).contains("read-only transaction");
        assertThat(error(
                        new SqlTools(source),
                        "WITH a AS (SELECT set_config('transaction_read_only', 'off', true)) SELECT * FROM a"))
                .contains("read-write");
    }

    @Test
    void sqliteRejectsChangesAndMayWriteAgainAfterwards() throws Exception {
        var source = sqlite();
        try (var connection = source.getConnection()) {
            var tools = new SqlTools(SingleConnection.of(connection));

            assertThat(error(tools, "WITH x AS (SELECT 1) DELETE FROM kept")).contains("readonly");

            try (var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE kept SET n = 2")).isEqualTo(1);
            }
        }
    }

    @Test
    void aLongValueIsTruncatedToOneMebibyte() throws Exception {
        var fromPostgres = JSON.readTree(result(new SqlTools(postgres()), "SELECT repeat('x', 100000000) AS t"));
        var fromSqlite =
                JSON.readTree(result(new SqlTools(sqlite()), "SELECT hex(zeroblob(50000000)) AS t, 1 AS after"));

        assertThat(fromPostgres.at("/rows/0/t").textValue().length()).isBetween(MIB - 100, MIB);
        assertThat(fromPostgres.at("/rows/0/t").textValue().endsWith("x...")).isTrue();
        assertThat(fromPostgres.path("note").textValue()).contains("truncated");
        assertThat(fromSqlite.at("/rows/0/t").textValue().length()).isBetween(MIB - 100, MIB);
    }

    @Test
    void theBoundOfAValueIsCountedInBytes() throws Exception {
        var tools = SqlTools.builder(postgres()).cellLimit(7).build();

        assertThat(result(tools, "SELECT 'ääää' AS t, '1234567' AS u, '😀😀' AS v"))
                .isEqualTo("{\"rows\":[{\"t\":\"ää...\",\"u\":\"1234567\",\"v\":\"😀...\"}],\"note\":\"long values are"
                        + " truncated: a value may have 7 bytes and the result 1048576; select parts of them\"}");
    }

    @Test
    void hugeNumbersAndManyRowsAreBoundedToo() throws Exception {
        var tools =
                SqlTools.builder(postgres()).cellLimit(50).resultLimit(1_000).build();

        assertThat(result(tools, "SELECT 10::numeric ^ 20000 AS n").length()).isLessThan(300);
        var rows = JSON.readTree(result(tools, "SELECT repeat('y', 40) AS t FROM generate_series(1, 150)"));
        assertThat(rows.path("rows").size()).isBetween(15, 25);
        assertThat(rows.path("note").textValue()).contains("longer than 1000 bytes");
    }

    @Test
    void manyColumnsAreBounded() throws Exception {
        var columns = new StringBuilder("SELECT repeat('y', 1000000) AS c");
        for (int i = 0; i < 500; i++) {
            columns.append(", repeat('y', 1000) AS c").append(i);
        }

        assertThat(result(new SqlTools(postgres()), columns.toString()).length())
                .isLessThan(MIB + 10_000);
    }

    /** With 40 rows of 64 MB together in memory this test's JVM would fail. */
    @Test
    void largeRowsAreNotInMemoryTogether() throws Exception {
        var sql = "SELECT n, repeat('z', 64000000) AS t FROM generate_series(1, 40) n";

        var rows = JSON.readTree(result(new SqlTools(postgres()), sql));

        assertThat(rows.path("rows").size()).isEqualTo(1);
        assertThat(rows.path("note").textValue()).contains("only the first 1 rows");
    }

    @Test
    void boundsThatAreNotPositiveAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlTools.builder(postgres()).cellLimit(0))
                .withMessageContaining("cellLimit is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlTools.builder(postgres()).resultLimit(-1))
                .withMessageContaining("resultLimit is -1");
    }

    @Test
    void theProgramWouldRunIfItWereAllowed() throws Exception {
        var mark = directory.resolve("ran");
        var tools = SqlTools.builder(postgres()).allowWrites(true).build();

        result(tools, "/* /* */ SELECT 1 */ COPY (SELECT 1) TO PROGRAM 'touch " + mark + "'");

        assertThat(Files.exists(mark)).isTrue();
    }
}
