package dev.rein.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL for the tests, started once, ended with the JVM. */
final class Postgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    /** One that many tests use, one after the other: it is faster to empty its tables than to make them again. */
    private static final String SHARED = freshDatabase();

    static {
        open(SHARED).close();
    }

    private Postgres() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of an empty database. */
    static String freshDatabase() {
        var name = "test" + DATABASES.incrementAndGet();
        execute(SERVER.getJdbcUrl("postgres", "postgres"), "create database " + name);
        return SERVER.getJdbcUrl("postgres", name);
    }

    /** The URL of a database that has the tables, and nothing in them. */
    static String databaseWithTables() {
        execute(SHARED, "truncate rein_sessions, rein_runs, rein_events, rein_owners, rein_memories cascade");
        return SHARED;
    }

    private static void execute(String url, String sql) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static JdbcSessionStore open(String url) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres");
    }

    static JdbcSessionStore freshStore() {
        return open(databaseWithTables());
    }
}
