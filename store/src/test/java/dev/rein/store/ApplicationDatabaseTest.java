package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** A store in the database of an application, whose pool it shares. */
class ApplicationDatabaseTest {

    private static HikariDataSource pool(String url, int size) {
        return pool(url, size, true);
    }

    private static HikariDataSource pool(String url, int size, boolean autoCommit) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("postgres");
        config.setPassword("postgres");
        config.setMaximumPoolSize(size);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    private static PGSimpleDataSource plain(String url) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser("postgres");
        source.setPassword("postgres");
        return source;
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static void converse(JdbcSessionStore store) {
        var agent = Agent.builder()
                .model(ScriptedModel.of(Script.text("Hello.")))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var output = agent.run("Go", RunOptions.defaults().sessionId("s"));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.stored()).isTrue();
        assertThat(store.run(output.runId()).orElseThrow().text()).isEqualTo("Hello.");
    }

    @Test
    void runsAreStoredBesideTheTablesOfTheApplicationAndItsPoolStaysOpen() throws Exception {
        try (var pool = pool(Postgres.freshDatabase(), 10)) {
            execute(pool, "create table orders (id int primary key)");
            try (var store = JdbcSessionStore.of(pool)) {
                converse(store);
            }
            assertThat(pool.isClosed()).isFalse();
            execute(pool, "insert into orders values (1)");
            // Migrated already.
            try (var store = JdbcSessionStore.of(pool)) {
                assertThat(store.session("s")).isPresent();
            }
        }
    }

    @Test
    void aPoolOfTwoConnectionsIsEnoughWhileTheApplicationHoldsNone() {
        try (var pool = pool(Postgres.databaseWithTables(), 2);
                var store = JdbcSessionStore.of(pool)) {
            converse(store);
        }
    }

    @Test
    void connectionsWithoutAutoCommitAreFine() throws Exception {
        var url = Postgres.databaseWithTables();
        try (var pool = pool(url, 4, false)) {
            try (var store = JdbcSessionStore.of(pool)) {
                converse(store);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void requestsOfOtherProcessesAreHeardByNotificationAlsoWithAPool() throws Exception {
        var url = Postgres.databaseWithTables();
        try (var pool = pool(url, 10);
                var store = JdbcSessionStore.of(pool)) {
            var heard = new CompletableFuture<String>();
            try (var _ = store.listen(heard::complete)) {
                while (!heard.isDone()) {
                    execute(plain(url), "select pg_notify('rein', 'me')");
                    heard.completeOnTimeout(null, 30, TimeUnit.SECONDS);
                    CompletableFuture.anyOf(
                                    heard,
                                    CompletableFuture.runAsync(
                                            () -> {}, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)))
                            .join();
                }
            }
            assertThat(heard).isCompletedWithValue("me");
        }
    }

    @Test
    void aSourceOfConnectionsForNotificationsCanBeGiven() throws Exception {
        var url = Postgres.databaseWithTables();
        var used = new CompletableFuture<Void>();
        var listening = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    used.complete(null);
                    return method.invoke(plain(url), arguments);
                });
        try (var store = JdbcSessionStore.builder(plain(url))
                        .notifications(listening)
                        .build();
                var _ = store.listen(_ -> {})) {
            used.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutMigrationTheTablesAreTheApplicationsBusiness() throws Exception {
        var source = plain(Postgres.freshDatabase());
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () -> JdbcSessionStore.builder(source).migrate(false).build())
                .withMessageContaining("rein_sessions")
                .withMessageContaining("version 1")
                .withMessageContaining("StoreSchema.postgres()")
                .withMessageContaining("migrate(false)");
        execute(source, StoreSchema.postgres().sql());
        try (var store = JdbcSessionStore.builder(source)
                .migrate(false)
                .lease(Duration.ofSeconds(5))
                .build()) {
            converse(store);
        }
        assertThatExceptionOfType(SQLException.class)
                .as("there is no history of migrations")
                .isThrownBy(() -> execute(source, "select * from rein_schema_history"));
    }

    @Test
    void eachVersionOfTheTablesIsToldApart() throws Exception {
        var versions = StoreSchema.postgres().versions();
        var source = plain(Postgres.freshDatabase());
        for (var version : versions) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() ->
                            JdbcSessionStore.builder(source).migrate(false).build())
                    .withMessageContaining("which version " + version.number() + " of Rein's tables has added");
            execute(source, version.sql());
        }
        JdbcSessionStore.builder(source).migrate(false).build().close();
    }

    @Test
    void theSchemaHasEachMigrationInItsDialect() throws Exception {
        var folder = Path.of(StoreSchema.class
                .getResource("migration/V1__sessions_and_runs.sql")
                .toURI());
        try (var files = Files.list(folder.getParent())) {
            assertThat(StoreSchema.postgres().versions())
                    .hasSize((int) files.count())
                    .allSatisfy(version -> assertThat(version.sql()).doesNotContain("${"));
        }
        assertThat(StoreSchema.postgres().sql())
                .contains("generated always as identity")
                .contains("-- Version 2: memories");
        assertThat(StoreSchema.sqlite().sql()).contains("autoincrement");
    }

    @Test
    void anSqliteFileIsOpenedByItsName(@TempDir Path folder) throws Exception {
        var file = folder.resolve("application.db");
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file + "?foreign_keys=on");
        execute(source, "create table orders (id int primary key)");
        try (var store = JdbcSessionStore.of(source)) {
            converse(store);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var rows = connection.createStatement().executeQuery("select count(*) from rein_runs")) {
            assertThat(rows.getInt(1)).isOne();
        }
    }

    @Test
    void anSqliteDatabaseInMemoryIsRefused() {
        for (var url :
                new String[] {"jdbc:sqlite::memory:", "jdbc:sqlite:", "jdbc:sqlite:file:x?mode=memory&cache=shared"}) {
            var source = new SQLiteDataSource();
            source.setUrl(url);
            assertThatExceptionOfType(StoreException.class)
                    .as(url)
                    .isThrownBy(() -> JdbcSessionStore.of(source))
                    .withMessageContaining("in memory")
                    .withMessageContaining("InMemorySessionStore");
        }
    }

    @Test
    void anotherDatabaseIsRefusedByName() {
        var other = proxy(
                DataSource.class,
                "getConnection",
                proxy(
                        java.sql.Connection.class,
                        "getMetaData",
                        proxy(DatabaseMetaData.class, "getDatabaseProductName", "MariaDB")));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> JdbcSessionStore.of(other))
                .withMessageContaining("MariaDB")
                .withMessageContaining("PostgreSQL and SQLite");
    }

    private static <T> T proxy(Class<T> type, String method, Object result) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, called, _) -> called.getName().equals(method) ? result : null));
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsReportedAndSoAreWrongSettings() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> JdbcSessionStore.of(plain("jdbc:postgresql://localhost:1/none")))
                .withMessageContaining("can't be reached");
        assertThatNullPointerException().isThrownBy(() -> JdbcSessionStore.of(null));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> JdbcSessionStore.builder(new SQLiteDataSource()).lease(Duration.ofMillis(1)))
                .withMessageContaining("PT0.001S");
    }
}
