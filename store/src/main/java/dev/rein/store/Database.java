package dev.rein.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A database: its schema, its connection pool and the threads that use them. Thread-safe. */
final class Database implements AutoCloseable {
    private static final int MIGRATION_TRIES = 5;
    private static final int CONNECT_TRIES = 100;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final Object MIGRATING = new Object();

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final DatabaseThreads readers;
    private final DatabaseThreads writers;
    private final @Nullable SqliteCheckpoints checkpoints;

    private Database(HikariDataSource pool, Dialect dialect, DatabaseThreads readers, DatabaseThreads writers) {
        this.pool = pool;
        this.readers = readers;
        this.writers = writers;
        jdbi = Jdbi.create(pool);
        // By default a message has all values that were to be written.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        checkpoints = dialect.singleWriter ? new SqliteCheckpoints(jdbi) : null;
    }

    /** One writer, because SQLite allows one at a time: further ones would poll for its lock. */
    static Database sqlite(SqliteFile file) {
        var config = new HikariConfig();
        config.setDataSource(file.source());
        return open(config, Dialect.SQLITE, "SQLite file " + file, 2, 1);
    }

    static Database postgres(String url, String user, String password) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        // An empty one would take the place of the URL's.
        if (!user.isEmpty()) {
            config.setUsername(user);
        }
        if (!password.isEmpty()) {
            config.setPassword(password);
        }
        config.addDataSourceProperty("connectTimeout", "5");
        // Without it a server that has vanished would hold a thread for ever.
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", "rein");
        return open(config, Dialect.POSTGRES, what(url, user), 4, 4);
    }

    /** The database as messages name it, without the URL's parameters, which may be secret. */
    private static String what(String url, String user) {
        var place = url.replaceFirst("^jdbc:postgresql:", "").replaceFirst("\\?.*", "");
        return "PostgreSQL at " + place + (user.isEmpty() ? "" : " as user " + user);
    }

    /** The source of a connection that waits for notifications: it has no socket time-out. */
    static DataSource notifications(String url, String user, String password) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        if (!user.isEmpty()) {
            source.setUser(user);
        }
        if (!password.isEmpty()) {
            source.setPassword(password);
        }
        source.setConnectTimeout(5);
        source.setTcpKeepAlive(true);
        source.setApplicationName("rein listening");
        return source;
    }

    private static Database open(HikariConfig config, Dialect dialect, String what, int reading, int writing) {
        config.setPoolName("rein-database");
        // Checkpoints have a connection of their own.
        config.setMaximumPoolSize(reading + writing + (dialect.singleWriter ? 1 : 0));
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        var readers = new DatabaseThreads("rein-database-read", reading);
        var writers = new DatabaseThreads("rein-database-write", writing);
        try {
            return writers.call(() -> {
                var pool = connect(config);
                try {
                    migrate(pool, dialect);
                    return new Database(pool, dialect, readers, writers);
                } catch (RuntimeException e) {
                    pool.close();
                    throw e;
                }
            });
        } catch (RuntimeException e) {
            readers.close();
            writers.close();
            throw new StoreException(what + " can't be opened: " + DatabaseThreads.rootMessage(e), e);
        }
    }

    /** A process that is just creating an SQLite file locks out the others, and SQLite's busy time-out does not apply then. */
    private static HikariDataSource connect(HikariConfig config) {
        for (var tries = 1; ; tries++) {
            try {
                return new HikariDataSource(config);
            } catch (PoolInitializationException e) {
                if (!SqliteFile.isBusy(e) || tries == CONNECT_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    /** Another process may migrate at the same time, and SQLite has no lock for that: then the next attempt finds it done. */
    private static void migrate(HikariDataSource pool, Dialect dialect) {
        var flyway = Flyway.configure(Database.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:dev/rein/store/migration")
                .table("rein_schema_history")
                .placeholders(Map.of("identity", dialect.identityColumn))
                // A database with tables of others is fine.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        synchronized (MIGRATING) {
            for (var tries = 1; ; tries++) {
                try {
                    flyway.migrate();
                    return;
                } catch (FlywayException e) {
                    if (tries == MIGRATION_TRIES) {
                        throw e;
                    }
                }
            }
        }
    }

    <T> T read(Function<Handle, T> query) {
        return readers.call(() -> jdbi.withHandle(query::apply));
    }

    /** In a transaction. */
    <T> T write(Function<Handle, T> change) {
        var result = writers.call(() -> jdbi.inTransaction(change::apply));
        if (checkpoints != null) {
            checkpoints.written();
        }
        return result;
    }

    boolean isClosed() {
        return writers.isClosed();
    }

    @Override
    public void close() {
        writers.close();
        readers.close();
        if (checkpoints != null) {
            checkpoints.close();
        }
        pool.close();
    }
}
