package dev.rein.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives PostgreSQL's notifications on a connection and a thread of its own. Those that it misses are made up for by polling. */
final class PostgresNotifications implements AutoCloseable {
    static final String CHANNEL = "rein";

    private static final Logger log = LoggerFactory.getLogger(PostgresNotifications.class);
    private static final int WAIT_MILLIS = 10_000;
    private static final long RETRY_MILLIS = 2_000;

    private final DataSource source;
    private final Consumer<String> listener;
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    PostgresNotifications(DataSource source, Consumer<String> listener) {
        this.source = source;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("rein-database-listen").start(this::work);
    }

    private void work() {
        while (!closed) {
            try {
                listen();
            } catch (SQLException | RuntimeException e) {
                if (!closed) {
                    log.debug("PostgreSQL's notifications can't be received now; trying again", e);
                    pause();
                }
            }
        }
    }

    private void listen() throws SQLException {
        try (var own = source.getConnection()) {
            connection = own;
            try (var statement = own.createStatement()) {
                statement.execute("listen " + CHANNEL);
            }
            var heard = own.unwrap(PGConnection.class);
            while (!closed) {
                var notifications = heard.getNotifications(WAIT_MILLIS);
                if (notifications != null) {
                    for (var notification : notifications) {
                        listener.accept(notification.getParameter());
                    }
                }
            }
        } finally {
            connection = null;
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            // This is closed.
        }
    }

    @Override
    public void close() {
        closed = true;
        var own = connection;
        if (own != null) {
            try {
                own.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("the connection for notifications did not close", e);
            }
        }
        thread.interrupt();
    }
}
