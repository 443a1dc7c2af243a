package dev.rein.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.rein.text.PlainText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A database: its schema, its connection pool and the threads that use them. Thread-safe. */
final class Database implements AutoCloseable {
    private static final Pattern NAMED_USER = Pattern.compile("^jdbc:postgresql://[^/?]*@");

    private static final int CONNECT_TRIES = 100;
    private static final int CONNECT_MILLIS = 5_000;

    /** How long a store may take to open; mostly for its migrations, which may rewrite tables. */
    private static final Duration OPEN_WAIT = Duration.ofMinutes(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    /** How long the caller of a read waits. */
    static final Duration READ_WAIT = Duration.ofSeconds(10);

    /** How long the caller of a scan of many rows waits. */
    static final Duration SCAN_WAIT = Duration.ofMinutes(2);

    /** How long the caller of a write waits; as long as for a packet of PostgreSQL's server. */
    static final Duration WRITE_WAIT = Duration.ofSeconds(30);

    /** How often a transaction is tried that collides with another one. */
    private static final int WRITE_TRIES = 5;

    /** Deadlock, serialization failure, and a foreign key's row that another transaction has deleted. */
    private static final Set<String> COLLISIONS = Set.of("40P01", "40001", "23503");

    /** What a call is for. Calls of one kind never wait for those of another, except for SQLite's one writer. */
    enum Purpose {
        /** Everything else. */
        WORK,
        /** To hold and observe leases. These calls wait for no row that others may lock. */
        LEASE,
        /** To stop runs. */
        STOP
    }

    private final Dialect dialect;

    /** Closes the connection pools that this has made. */
    private final Runnable closePools;

    private final Jdbi jdbi;
    private final Jdbi readJdbi;
    private final Lanes lanes;
    private final @Nullable SqliteCheckpoints checkpoints;

    private Database(
            DataSource pool, @Nullable DataSource readPool, Runnable closePools, Dialect dialect, Lanes lanes) {
        this.dialect = dialect;
        this.closePools = closePools;
        this.lanes = lanes;
        jdbi = jdbi(pool);
        readJdbi = readPool == null ? jdbi : jdbi(readPool);
        checkpoints = dialect.singleWriter ? new SqliteCheckpoints(jdbi) : null;
        lanes.outage = dialect.singleWriter ? null : new Outage(pool);
    }

    private static Jdbi jdbi(DataSource source) {
        var jdbi = Jdbi.create(() -> committing(source));
        // By default a message has all values that were to be written.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi;
    }

    /** A pool of an application may give connections in a transaction, which Jdbi would take for one of the caller's. */
    private static Connection committing(DataSource source) throws SQLException {
        var connection = source.getConnection();
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The threads for each purpose; SQLite's leases and stops have the same ones. */
    private static final class Lanes implements AutoCloseable {
        private final DatabaseThreads readers;
        private final DatabaseThreads writers;
        private final DatabaseThreads leases;
        private final DatabaseThreads stops;
        private final int reading;
        private final int writing;
        private volatile @Nullable Outage outage;

        private Lanes(int reading, int writing, int stopping) {
            readers = lane("read", reading);
            writers = lane("write", writing);
            leases = lane("lease", 1);
            stops = stopping == 0 ? leases : lane("stop", stopping);
            this.reading = reading + 1;
            this.writing = writing + stopping;
        }

        /** Those of a pool of the store's own. */
        static Lanes of(Dialect dialect) {
            // One writer for SQLite, because it allows one at a time: further ones would poll for its lock.
            return dialect.singleWriter ? new Lanes(2, 1, 0) : new Lanes(4, 4, 2);
        }

        /** Those of a pool that the store shares with the application, which is to keep most of its connections. */
        static Lanes ofSharedPool() {
            return new Lanes(2, 2, 1);
        }

        private DatabaseThreads lane(String name, int threads) {
            return new DatabaseThreads("rein-database-" + name, threads, this::late);
        }

        private void late() {
            var known = outage;
            if (known != null) {
                known.probe();
            }
        }

        @Override
        public void close() {
            // Leases last: they are renewed while others complete their work.
            writers.close();
            readers.close();
            stops.close();
            leases.close();
            var known = outage;
            if (known != null) {
                known.close();
            }
        }
    }

    static Database sqlite(SqliteFile file) {
        var config = new HikariConfig();
        config.setDataSource(file.source());
        config.setConnectionInitSql(SqliteFile.initSql());
        var reading = new HikariConfig();
        reading.setDataSource(file.readingSource());
        // So that no read can take the lock of the writer, whatever it does.
        reading.setConnectionInitSql("pragma query_only = on");
        reading.setMinimumIdle(0);
        reading.setInitializationFailTimeout(-1);
        return open(config, reading, Dialect.SQLITE, "SQLite file " + file);
    }

    static Database postgres(String url, String user, String password) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "the url begins with \"" + url.substring(0, Math.max(0, url.indexOf(':')))
                            + "\": write jdbc:postgresql://host:5432/database");
        }
        if (NAMED_USER.matcher(url).find()) {
            // The URL is not part of the message: it has a password.
            throw new IllegalArgumentException("the url has a user before its host: write"
                    + " jdbc:postgresql://host:5432/database, and give the user and the password apart, or at the end as"
                    + " ?user=..&password=..");
        }
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
        return open(config, null, Dialect.POSTGRES, what(url, user));
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

    private static Database open(HikariConfig config, @Nullable HikariConfig reading, Dialect dialect, String what) {
        var lanes = Lanes.of(dialect);
        config.setPoolName("rein-database");
        // One more connection: for SQLite's checkpoints, or PostgreSQL's probe.
        config.setMaximumPoolSize((reading == null ? lanes.reading : 0) + lanes.writing + 1);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLIS);
        if (reading != null) {
            reading.setPoolName("rein-database-reading");
            reading.setMaximumPoolSize(lanes.reading);
            reading.setConnectionTimeout(CONNECT_MILLIS);
        }
        try {
            return lanes.writers.call(() -> open(config, reading, dialect, lanes), OPEN_WAIT, false);
        } catch (RuntimeException e) {
            lanes.close();
            throw notOpened(what, e);
        }
    }

    private static StoreException notOpened(String what, RuntimeException e) {
        var why = e instanceof StoreException ? PlainText.message(e) : DatabaseThreads.rootMessage(e);
        return new StoreException(what + " can't be opened: " + why, e);
    }

    /**
     * A PostgreSQL database that an application has a source of connections for, which stays open.
     *
     * @param migrate whether to bring the tables up to date; they are checked otherwise
     */
    static Database postgres(DataSource source, boolean migrate) {
        var lanes = Lanes.ofSharedPool();
        try {
            return lanes.writers.call(
                    () -> {
                        var connections = ConnectionPooler.adapt(source);
                        if (migrate) {
                            Migration.migrate(connections, Dialect.POSTGRES);
                        } else {
                            jdbi(connections).useHandle(StoreSchema::check);
                        }
                        return new Database(connections, null, () -> {}, Dialect.POSTGRES, lanes);
                    },
                    OPEN_WAIT,
                    false);
        } catch (RuntimeException e) {
            lanes.close();
            throw notOpened("the application's database", e);
        }
    }

    private static Database open(HikariConfig config, @Nullable HikariConfig reading, Dialect dialect, Lanes lanes) {
        var pool = connect(config);
        try {
            var connections = dialect == Dialect.POSTGRES ? ConnectionPooler.adapt(pool) : pool;
            Migration.migrate(connections, dialect);
            var readPool = reading == null ? null : new HikariDataSource(reading);
            return new Database(
                    connections,
                    readPool,
                    () -> {
                        if (readPool != null) {
                            readPool.close();
                        }
                        pool.close();
                    },
                    dialect,
                    lanes);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
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

    <T> T read(Function<Handle, T> query) {
        return read(Purpose.WORK, query);
    }

    <T> T read(Purpose purpose, Function<Handle, T> query) {
        return read(purpose, READ_WAIT, query);
    }

    /** For a read of more rows than fit in memory. */
    <T> T scan(Function<Handle, T> query) {
        return read(Purpose.WORK, SCAN_WAIT, query);
    }

    private <T> T read(Purpose purpose, Duration atMost, Function<Handle, T> query) {
        var lane = switch (purpose) {
            case WORK -> lanes.readers;
            case LEASE -> lanes.leases;
            case STOP -> lanes.stops;
        };
        return call(lane, atMost, false, () -> readJdbi.withHandle(query::apply));
    }

    /** In a transaction. */
    <T> T write(Function<Handle, T> change) {
        return write(Purpose.WORK, change);
    }

    /** In a transaction, which is repeated if it collides with another one. */
    <T> T write(Purpose purpose, Function<Handle, T> change) {
        var lane = switch (dialect.singleWriter ? Purpose.WORK : purpose) {
            case WORK -> lanes.writers;
            case LEASE -> lanes.leases;
            case STOP -> lanes.stops;
        };
        var result = call(lane, WRITE_WAIT, purpose != Purpose.WORK, () -> inTransaction(change));
        if (checkpoints != null) {
            checkpoints.written();
        }
        return result;
    }

    private <T> T inTransaction(Function<Handle, T> change) {
        for (var tries = 1; ; tries++) {
            try {
                return jdbi.inTransaction(change::apply);
            } catch (RuntimeException e) {
                if (tries == WRITE_TRIES || !isCollision(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isCollision(Throwable thrown) {
        for (var each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                return COLLISIONS.contains(sql.getSQLState());
            }
        }
        return false;
    }

    private <T> T call(DatabaseThreads lane, Duration atMost, boolean urgent, Supplier<T> work) {
        var outage = lanes.outage;
        if (outage == null) {
            return lane.call(work::get, atMost, urgent);
        }
        outage.check();
        return lane.call(
                () -> {
                    // The database may have gone down while this call was queued.
                    outage.check();
                    try {
                        return work.get();
                    } catch (RuntimeException e) {
                        outage.failed(e);
                        throw e;
                    }
                },
                atMost,
                urgent);
    }

    boolean isClosed() {
        return lanes.writers.isClosed();
    }

    @Override
    public void close() {
        lanes.close();
        if (checkpoints != null) {
            checkpoints.close();
        }
        closePools.run();
    }
}
