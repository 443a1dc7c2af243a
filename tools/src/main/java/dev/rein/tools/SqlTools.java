package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A tool that queries a database, by default read-only. A stop cancels the statement in the database, not only the wait for it.
 *
 * <p>Read-only means: a single statement that begins like a query, on a connection set to read-only, in a transaction that is rolled back.
 * This cannot detect side effects of database functions, so use a database user with no more than the necessary permissions. Thread-safe
 * if the data source is.
 */
public final class SqlTools {
    private static final Set<String> QUERY_KEYWORDS =
            Set.of("SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW", "DESCRIBE");

    private final DataSource dataSource;
    private final boolean readOnly;
    private final int rowLimit;
    private final Duration timeout;

    private SqlTools(Builder builder) {
        dataSource = builder.dataSource;
        readOnly = !builder.allowWrites;
        rowLimit = builder.rowLimit;
        timeout = builder.timeout;
    }

    /** The tool with the default settings: read-only, 200 rows, a timeout of 30 s. */
    public SqlTools(DataSource dataSource) {
        this(new Builder(dataSource));
    }

    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /** Executes a statement; see the description of this class. */
    @Tool(
            name = "query",
            value = "Executes one SQL statement and returns its rows as JSON objects, or the number of rows that it"
                    + " changed. A note says if there are more rows than those returned.")
    public JsonNode query(
            @Param("One SQL statement; a semicolon may only be at its end") String sql, RunContext context)
            throws SQLException {
        var statement = withoutTrailingSemicolon(sql);
        if (statement.indexOf(';') >= 0) {
            // To distinguish semicolons in literals from those between statements requires the grammar of each
            // database.
            throw new ToolArgumentException(
                    "\"sql\" has a semicolon before its end: use one statement, and chr(59) for semicolons in"
                            + " literals");
        }
        if (readOnly && !QUERY_KEYWORDS.contains(firstWord(statement).toUpperCase(Locale.ROOT))) {
            throw new ToolArgumentException(
                    "only queries are allowed: use a statement that begins with SELECT or WITH");
        }
        return new SqlQuery(dataSource, readOnly, rowLimit, timeout).execute(statement, context.cancellation());
    }

    private static String withoutTrailingSemicolon(String sql) {
        var end = sql.length();
        while (end > 0 && (sql.charAt(end - 1) == ';' || Character.isWhitespace(sql.charAt(end - 1)))) {
            end--;
        }
        return sql.substring(0, end);
    }

    /** The first word after comments and opening parentheses; empty if there is none. */
    private static String firstWord(String sql) {
        var at = 0;
        while (at < sql.length()) {
            if (sql.startsWith("--", at)) {
                at = after("\n", sql, at);
            } else if (sql.startsWith("/*", at)) {
                at = after("*/", sql, at);
            } else if (sql.charAt(at) == '(' || Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else {
                break;
            }
        }
        var end = at;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        return sql.substring(at, end);
    }

    private static int after(String mark, String sql, int from) {
        var found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found + mark.length();
    }

    /** Builds {@link SqlTools}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private boolean allowWrites;
        private int rowLimit = 200;
        private Duration timeout = Duration.ofSeconds(30);

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** Whether to allow all statements, each executed in its own transaction, which is committed. Default: false. */
        public Builder allowWrites(boolean value) {
            allowWrites = value;
            return this;
        }

        /** Maximum number of rows to return. Default: 200. */
        public Builder rowLimit(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("rowLimit is " + value + ": it must be positive");
            }
            rowLimit = value;
            return this;
        }

        /** The time after which a statement is cancelled. Default: 30 s. */
        public Builder timeout(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("timeout is " + value + ": it must be positive");
            }
            timeout = value;
            return this;
        }

        public SqlTools build() {
            return new SqlTools(this);
        }
    }
}
