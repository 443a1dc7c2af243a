package dev.rein.tools.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.cancel.Cancellation;
import dev.rein.text.PlainText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a single statement on its own connection. */
record SqlQuery(DataSource dataSource, boolean readOnly, SqlLimits limits, Duration timeout) {
    private static final Logger log = LoggerFactory.getLogger(SqlQuery.class);
    private static final int MAX_FETCH = 100;

    JsonNode execute(String sql, Cancellation cancellation) throws SQLException {
        cancellation.throwIfCancelled();
        try (var connection = dataSource.getConnection()) {
            var wasReadOnly = connection.isReadOnly();
            var wasAutoCommit = connection.getAutoCommit();
            var mode = readOnly ? ReadOnlyMode.of(connection) : ReadOnlyMode.OF_DRIVER;
            try {
                if (readOnly && !wasReadOnly) {
                    setReadOnly(connection, true);
                }
                connection.setAutoCommit(false);
                var result = execute(connection, mode, sql, cancellation);
                if (!readOnly) {
                    cancellation.throwIfCancelled();
                    connection.commit();
                }
                return result;
            } finally {
                restore(connection, mode, wasReadOnly, wasAutoCommit);
            }
        }
    }

    private JsonNode execute(Connection connection, ReadOnlyMode mode, String sql, Cancellation cancellation)
            throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setMaxRows(limits.rows() == Integer.MAX_VALUE ? 0 : limits.rows() + 1);
            // Rows are fetched one by one until their size is known: a few large ones would fill the memory.
            statement.setFetchSize(1);
            var canceller = new StatementCanceller(statement);
            try (var _ = cancellation.onCancel(canceller::cancelUntilFinished)) {
                if (!canceller.start()) {
                    throw new SQLException("the statement was cancelled before it started");
                }
                try {
                    canceller.cancelAfter(timeout);
                    mode.begin(statement);
                    return result(statement, statement.execute(sql));
                } finally {
                    // Before the registration is closed: closing it waits for the aborter, which waits for this.
                    canceller.finish();
                }
            } catch (SQLException e) {
                cancellation.throwIfCancelled();
                if (canceller.isTimedOut()) {
                    throw new SQLTimeoutException(
                            "the statement took longer than " + timeout.toMillis() + " ms and was cancelled", e);
                }
                throw e;
            }
        }
    }

    private JsonNode result(Statement statement, boolean hasRows) throws SQLException {
        var json = JsonNodeFactory.instance.objectNode();
        if (!hasRows) {
            return json.put("updated", statement.getUpdateCount());
        }
        try (var rows = statement.getResultSet()) {
            var values = new SqlValues(limits);
            var all = json.putArray("rows");
            while (rows.next()) {
                if (all.size() == limits.rows()) {
                    return json.put("note", "only the first " + limits.rows() + " rows are returned; there are more");
                }
                if (values.isFull()) {
                    return json.put(
                            "note",
                            "only the first " + all.size() + " rows are returned: the result is longer than "
                                    + limits.resultBytes() + " bytes; select fewer or shorter columns");
                }
                all.add(values.row(rows));
                fetchMore(rows, all.size(), values.used());
            }
            if (values.isTruncated()) {
                json.put(
                        "note",
                        "long values are truncated: a value may have " + limits.cellBytes() + " bytes and the result "
                                + limits.resultBytes() + "; select parts of them");
            }
        }
        return json;
    }

    /** Lets the driver fetch as many rows together as have about the size of one value's bound. */
    private void fetchMore(ResultSet rows, int count, long bytes) throws SQLException {
        var size = Math.max(1, bytes / count);
        rows.setFetchSize(Math.clamp(limits.cellBytes() / size, 1, Math.min(MAX_FETCH, limits.rows())));
    }

    /** Some drivers reject this on an open connection; the rollback does not depend on it. */
    private static void setReadOnly(Connection connection, boolean value) {
        try {
            connection.setReadOnly(value);
        } catch (SQLException e) {
            log.debug("The driver cannot set an open connection to read-only: {}", PlainText.message(e));
        }
    }

    /** Restores the state of a pooled connection. A failure here must not hide the failure of the statement. */
    private static void restore(Connection connection, ReadOnlyMode mode, boolean wasReadOnly, boolean wasAutoCommit) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(wasAutoCommit);
            }
            mode.end(connection);
            if (connection.isReadOnly() != wasReadOnly) {
                setReadOnly(connection, wasReadOnly);
            }
        } catch (SQLException e) {
            log.debug("The state of a connection could not be restored", e);
        }
    }
}
