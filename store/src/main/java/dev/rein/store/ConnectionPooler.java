package dev.rein.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.LoggerFactory;

/**
 * Connections to PostgreSQL through a pooler such as PgBouncer. In transaction mode each transaction may come to another process of
 * the server, which does not know the statements that an earlier one has prepared under a name. So the driver is told not to name
 * any. Thread-safe.
 *
 * <p>A pooler shows itself by the process id that it makes up for a connection, and that the driver has from the start of it.
 */
final class ConnectionPooler implements DataSource {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(ConnectionPooler.class);

    private final DataSource source;

    private ConnectionPooler(DataSource source) {
        this.source = source;
    }

    /** Returns a source of connections that work whether or not a pooler is in between: the same one if there is none. */
    static DataSource adapt(DataSource source) {
        try (var connection = source.getConnection()) {
            if (!isPooled(connection)) {
                return source;
            }
        } catch (SQLException e) {
            // The caller will see that too.
            return source;
        }
        log.info(
                "the connections to PostgreSQL go through a pooler such as PgBouncer: statements are not prepared under a name");
        return new ConnectionPooler(source);
    }

    private static boolean isPooled(Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            return false;
        }
        var postgres = connection.unwrap(PGConnection.class);
        var before = postgres.getPrepareThreshold();
        postgres.setPrepareThreshold(0);
        try (var statement = connection.prepareStatement("select pg_backend_pid()");
                var row = statement.executeQuery()) {
            return row.next() && row.getInt(1) != postgres.getBackendPID();
        } finally {
            postgres.setPrepareThreshold(before);
        }
    }

    private static Connection unnamed(Connection connection) throws SQLException {
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        return connection;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return unnamed(source.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return unnamed(source.getConnection(user, password));
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(source) ? type.cast(source) : source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(source) || source.isWrapperFor(type);
    }
}
