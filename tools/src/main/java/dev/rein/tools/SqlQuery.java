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

/** Executes one statement on a connection of its own. */
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
            try (var _ = cancellation.onCancel(canceller::cancelUntilOver)) {
                if (!canceller.begin()) {
                    throw new SQLException("stopped before it began");
                }
                try {
                    canceller.cancelAfter(timeout);
                    return result(statement, statement.execute(sql));
                } finally {
                    // Before the registration is closed, which waits for a cancel that waits for this.
                    canceller.over();
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
                    return json.put("note", "there are more rows than these " + rowLimit);
                }
                all.add(SqlValues.row(rows));
            }
        }
        return json;
    }

    /** Some drivers refuse it on an open connection; the roll-back does not depend on it. */
    private static void setReadOnly(Connection connection, boolean value) {
        try {
            connection.setReadOnly(value);
        } catch (SQLException e) {
            log.debug("the driver can't set an open connection to read only: {}", e.getMessage());
        }
    }

    /** Gives a pooled connection back as it came. What fails here must not hide why the statement failed. */
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
            log.debug("a connection was given back in another state than it came", e);
        }
    }
}
