package dev.rein.tools.sql;

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
 * <p>Read-only means: a single statement whose very first word is that of a query, in a read-only transaction that is rolled back. On
 * PostgreSQL and SQLite the database itself rejects changes; on others it depends on the driver's {@code Connection.setReadOnly}. No
 * database prevents side effects outside of its tables, such as those of functions that write files, so use a database user with no more
 * than the necessary permissions.
 *
 * <p>The size of a result is bounded by {@link Builder#rowLimit}, {@link Builder#cellLimit} and {@link Builder#resultLimit}. Thread-safe if
 * the data source is.
 */
public final class SqlTools {
    private static final Set<String> QUERY_KEYWORDS =
            Set.of("SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW", "DESCRIBE");

    private final DataSource dataSource;
    private final boolean readOnly;
    private final SqlLimits limits;
    private final Duration timeout;

    private SqlTools(Builder builder) {
        dataSource = builder.dataSource;
        readOnly = !builder.allowWrites;
        limits = new SqlLimits(builder.rowLimit, builder.cellLimit, builder.resultLimit);
        timeout = builder.timeout;
    }

    /** The tool with the default settings: read-only, 200 rows, 1 MiB, a timeout of 30 s. */
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
        var statement = stripped(sql);
        if (statement.indexOf(';') >= 0) {
            // To distinguish semicolons in literals from those between statements requires the grammar of each
            // database.
            throw new ToolArgumentException(
                    "\"sql\" has a semicolon before its end: use one statement, and chr(59) for semicolons in"
                            + " literals");
        }
        if (readOnly) {
            requireQuery(statement);
        }
        return new SqlQuery(dataSource, readOnly, limits, timeout).execute(statement, context.cancellation());
    }

    /**
     * Nothing but white space may stand before the first word: databases disagree about where a comment ends, so a comment could hide the
     * word that the database reads first.
     */
    private static void requireQuery(String statement) {
        if (!QUERY_KEYWORDS.contains(firstWord(statement).toUpperCase(Locale.ROOT))) {
            throw new ToolArgumentException("only queries are allowed: use a statement that begins with SELECT or WITH,"
                    + " without a comment or parenthesis before it");
        }
    }

    private static String stripped(String sql) {
        var end = sql.length();
        while (end > 0 && (sql.charAt(end - 1) == ';' || Character.isWhitespace(sql.charAt(end - 1)))) {
            end--;
        }
        var start = 0;
        while (start < end && " \t\r\n\f".indexOf(sql.charAt(start)) >= 0) {
            start++;
        }
        return sql.substring(start, end);
    }

    /** The letters, digits and underscores at the beginning; empty if there are none. */
    private static String firstWord(String sql) {
        var end = 0;
        while (end < sql.length() && Character.isUnicodeIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return sql.substring(0, end);
    }

    /** Builds {@link SqlTools}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private boolean allowWrites;
        private int rowLimit = 200;
        private int cellLimit = 1 << 20;
        private int resultLimit = 1 << 20;
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
            rowLimit = positive("rowLimit", value);
            return this;
        }

        /** Maximum number of bytes of one value, as UTF-8; longer ones are truncated, with a note to the model. Default: 1,048,576. */
        public Builder cellLimit(int bytes) {
            cellLimit = positive("cellLimit", bytes);
            return this;
        }

        /**
         * Maximum number of bytes of the values and column names of all rows together; further rows are omitted, with a note to the model.
         * Default: 1,048,576.
         */
        public Builder resultLimit(int bytes) {
            resultLimit = positive("resultLimit", bytes);
            return this;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ": it must be positive");
            }
            return value;
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
