package dev.rein.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
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

    /** The beginning of what a listener sends to itself. */
    private static final String ECHO = "echo ";

    /** How long a listener waits for what it has sent to itself. */
    private static final long ECHO_MILLIS = 5_000;

    private final DataSource source;
    private final Consumer<String> listener;
    private final Consumer<String> sender;
    private final String echo = ECHO + UUID.randomUUID();
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private boolean warned;

    /** @param sender sends a notification on another connection */
    PostgresNotifications(DataSource source, Consumer<String> listener, Consumer<String> sender) {
        this.source = source;
        this.listener = listener;
        this.sender = sender;
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
            sender.accept(echo);
            var sentNanos = System.nanoTime();
            var isHeard = false;
            var heard = own.unwrap(PGConnection.class);
            while (!closed) {
                var notifications = heard.getNotifications(isHeard ? WAIT_MILLIS : (int) ECHO_MILLIS);
                if (notifications != null) {
                    for (var notification : notifications) {
                        var text = notification.getParameter();
                        if (!text.startsWith(ECHO)) {
                            listener.accept(text);
                        }
                        isHeard |= text.equals(echo);
                    }
                }
                if (!isHeard && System.nanoTime() - sentNanos >= ECHO_MILLIS * 1_000_000) {
                    warn();
                }
            }
        } finally {
            connection = null;
        }
    }

    private void warn() {
        if (!warned) {
            warned = true;
            log.warn(
                    "PostgreSQL's notifications are not heard, as through PgBouncer in transaction mode: requests to stop"
                            + " runs, and turns of sessions, take up to half a second. Give the store a connection past the pooler:"
                            + " JdbcSessionStore.builder(dataSource).notifications(direct)");
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
