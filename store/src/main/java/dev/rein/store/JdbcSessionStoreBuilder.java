package dev.rein.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link JdbcSessionStore} in the database of an application. Not thread-safe.
 *
 * <p>In PostgreSQL the store takes its connections from the application's pool, up to seven at a time and two at least, so a pool
 * needs some more than the application uses itself. It uses them on threads of its own: its writes are never part of a transaction of the
 * application. Give connections a socket time-out: without one, a server that has vanished holds them.
 *
 * <p>An SQLite file is opened apart, by its name, because the store needs connections with settings of their own.
 */
public final class JdbcSessionStoreBuilder {
    private static final String SQLITE_URL = "jdbc:sqlite:";

    private final DataSource source;
    private Duration lease = JdbcSessionStore.DEFAULT_LEASE;
    private boolean migrate = true;
    private @Nullable DataSource notifications;

    JdbcSessionStoreBuilder(DataSource source) {
        this.source = Objects.requireNonNull(source, "the data source is null: give the application's");
    }

    /**
     * Sets how long a process may be silent before others consider it dead, the same for all that share the database; {@link
     * JdbcSessionStore#DEFAULT_LEASE} by default.
     */
    public JdbcSessionStoreBuilder lease(Duration value) {
        JdbcSessionStore.checkLease(value);
        lease = value;
        return this;
    }

    /**
     * Sets whether the store creates its tables and brings them up to date, with Flyway and a history table of its own
     * ({@code rein_schema_history}); true by default. If false, the application does so with the SQL of {@link StoreSchema}
     * before it opens the store, which checks the tables, and Flyway need not be there. An SQLite file is always migrated.
     */
    public JdbcSessionStoreBuilder migrate(boolean value) {
        migrate = value;
        return this;
    }

    /**
     * Sets a source of the one connection on which the store waits for PostgreSQL's notifications, as long as it is used. It needs
     * a connection without a socket time-out. By default the store makes one like those of the application's pool, if that is
     * HikariCP's and has a URL. Without it the store hears of requests to stop runs in half a second.
     */
    public JdbcSessionStoreBuilder notifications(DataSource value) {
        notifications = Objects.requireNonNull(value, "the data source is null: give one, or leave it out");
        return this;
    }

    /** @throws StoreException if the database can't be used, or is none that the store knows */
    public JdbcSessionStore build() {
        String product;
        String url;
        try (var connection = source.getConnection()) {
            var database = connection.getMetaData();
            product = database.getDatabaseProductName();
            url = database.getURL();
        } catch (SQLException e) {
            throw new StoreException(
                    "the application's database can't be reached: " + DatabaseThreads.rootMessage(e), e);
        }
        return switch (product) {
            case "PostgreSQL" ->
                new JdbcSessionStore(
                        Database.postgres(source, migrate),
                        Dialect.POSTGRES,
                        lease,
                        notifications != null ? notifications : likePool(source));
            case "SQLite" -> JdbcSessionStore.sqlite(file(url), lease);
            default ->
                throw new StoreException(
                        "the application's database is " + product
                                + ": the store knows PostgreSQL and SQLite only. Use one"
                                + " of them, or another SessionStore",
                        null);
        };
    }

    private static Path file(@Nullable String url) {
        var name = url == null
                ? ""
                : url.replaceFirst("^" + SQLITE_URL + "(file:)?", "").replaceFirst("\\?.*", "");
        if (name.isEmpty() || name.equals(":memory:") || (url != null && url.contains("mode=memory"))) {
            throw new StoreException(
                    "the application's SQLite database is in memory (" + url
                            + "): use one in a file, or InMemorySessionStore",
                    null);
        }
        return Path.of(name);
    }

    /** Connections as those of HikariCP's pool, outside of it; null if it is none, or has no URL. */
    private static @Nullable DataSource likePool(DataSource source) {
        try {
            if (!source.isWrapperFor(HikariDataSource.class)) {
                return null;
            }
            var pool = source.unwrap(HikariDataSource.class);
            var url = pool.getJdbcUrl();
            if (url == null || !url.startsWith("jdbc:postgresql:") || pool.getCredentialsProvider() != null) {
                return null;
            }
            return Database.notifications(
                    url,
                    Objects.requireNonNullElse(pool.getUsername(), ""),
                    Objects.requireNonNullElse(pool.getPassword(), ""));
        } catch (SQLException | LinkageError e) {
            return null;
        }
    }
}
