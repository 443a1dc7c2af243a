package dev.rein.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.cancel.Cancellation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a single statement on its own connection. */
record SqlQuery(DataSource dataSource, boolean readOnly, int rowLimit, Duration timeout) {
    private static final Logger log = LoggerFactory.getLogger(SqlQuery.class);

    JsonNode execute(String sql, Cancellation cancellation) throws SQLException {
        cancellation.throwIfCancelled();
        try (var connection = dataSource.getConnection()) {
            var wasReadOnly = connection.isReadOnly();
            var wasAutoCommit = connection.getAutoCommit();
            try {
                if (readOnly && !wasReadOnly) {
                    setReadOnly(connection, true);
                }
                connection.setAutoCommit(false);
                var result = execute(connection, sql, cancellation);
                if (!readOnly) {
                    cancellation.throwIfCancelled();
                    connection.commit();
                }
                return result;
            } finally {
                restore(connection, wasReadOnly, wasAutoCommit);
            }
        }
    }

    private JsonNode execute(Connection connection, String sql, Cancellation cancellation) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setMaxRows(rowLimit == Integer.MAX_VALUE ? 0 : rowLimit + 1);
            var canceller = new StatementCanceller(statement);
            try (var _ = cancellation.onCancel(canceller::cancelUntilFinished)) {
                if (!canceller.start()) {
                    throw new SQLException("the statement was cancelled before it started");
                }
                try {
                    canceller.cancelAfter(timeout);
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
            var all = json.putArray("rows");
            while (rows.next()) {
                if (all.size() == rowLimit) {
                    return json.put("note", "only the first " + rowLimit + " rows are returned; there are more");
                }
                all.add(SqlValues.row(rows));
            }
        }
        return json;
    }

    /** Some drivers reject this on an open connection; the rollback does not depend on it. */
    private static void setReadOnly(Connection connection, boolean value) {
        try {
            connection.setReadOnly(value);
        } catch (SQLException e) {
            log.debug("The driver cannot set an open connection to read-only: {}", e.getMessage());
        }
    }

    /** Restores the state of a pooled connection. A failure here must not hide the failure of the statement. */
    private static void restore(Connection connection, boolean wasReadOnly, boolean wasAutoCommit) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(wasAutoCommit);
            }
            if (connection.isReadOnly() != wasReadOnly) {
                setReadOnly(connection, wasReadOnly);
            }
        } catch (SQLException e) {
            log.debug("The state of a connection could not be restored", e);
        }
    }
}
