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

    /** A database with the tables, which others are copied from: that is faster than to make them again. */
    private static final String TEMPLATE = template();

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

    private static String template() {
        open(create("")).close();
        return "test" + DATABASES.get();
    }

    /** The URL of an empty database. */
    static String freshDatabase() {
        return create("");
    }

    /** The URL of a database in which a store was opened before, and nothing stored. */
    static String databaseWithTables() {
        return create(" template " + TEMPLATE);
    }

    private static String create(String template) {
        var name = "test" + DATABASES.incrementAndGet();
        try (var connection = DriverManager.getConnection(SERVER.getJdbcUrl("postgres", "postgres"));
                var statement = connection.createStatement()) {
            statement.execute("create database " + name + template);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return SERVER.getJdbcUrl("postgres", name);
    }

    static JdbcSessionStore open(String url) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres");
    }

    static JdbcSessionStore freshStore() {
        return open(databaseWithTables());
    }
}
