package dev.rein.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/**
 * The tables of a {@link JdbcSessionStore} as SQL, for applications that create them themselves: with Flyway, with Liquibase, or
 * by hand. Such a store is built with {@link JdbcSessionStoreBuilder#migrate migrate(false)}. Immutable.
 *
 * {@snippet :
 * System.out.println(StoreSchema.postgres().sql());
 * }
 */
public final class StoreSchema {
    private static final String IDENTITY = "${identity}";
    private static final String LISTED = "${listed}";

    /** The files of the migrations, in the order of their versions. */
    private static final List<String> FILES = List.of(
            "V1__sessions_and_runs.sql",
            "V2__memories.sql",
            "V3__system_messages.sql",
            "V4__deleted_and_forked_runs.sql",
            "V5__finish_reasons.sql",
            "V6__turns.sql",
            "V7__lost_runs.sql",
            "V8__live_runs.sql");

    /** What each version has added last, in the same order: a table and a column of it. */
    private static final List<String> LAST = List.of(
            "rein_events.root_run_id",
            "rein_memories.memory_id",
            "rein_runs.system_message",
            "rein_deleted_runs.run_id",
            "rein_runs.finish",
            "rein_runs.waits",
            "rein_lost_runs.run_id",
            "rein_live_events.root_run_id");

    private final Dialect dialect;

    private StoreSchema(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A change of the tables from one version to the next. Changes are never edited once they are published. */
    public record Version(int number, String description, String sql) {}

    /** The tables in PostgreSQL. */
    public static StoreSchema postgres() {
        return new StoreSchema(Dialect.POSTGRES);
    }

    /** The tables in SQLite. */
    public static StoreSchema sqlite() {
        return new StoreSchema(Dialect.SQLITE);
    }

    /** Returns all versions, the first one first: a database that has version {@code n} needs those above it. */
    public List<Version> versions() {
        var versions = new ArrayList<Version>();
        for (var file : FILES) {
            var description = file.replaceFirst("^V\\d+__", "").replaceFirst("\\.sql$", "");
            versions.add(new Version(
                    versions.size() + 1,
                    description.replace('_', ' '),
                    read(file).replace(IDENTITY, dialect.identityColumn).replace(LISTED, dialect.listedColumns)));
        }
        return List.copyOf(versions);
    }

    /** Returns the statements that create the tables in an empty database. */
    public String sql() {
        var all = new StringBuilder();
        for (var version : versions()) {
            all.append("-- Version ")
                    .append(version.number())
                    .append(": ")
                    .append(version.description())
                    .append("\n\n")
                    .append(version.sql().strip())
                    .append("\n\n");
        }
        return all.toString();
    }

    private static String read(String file) {
        try (var in = StoreSchema.class.getResourceAsStream("migration/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that the tables are there, as far as this version needs them.
     *
     * @throws StoreException if something is missing
     */
    static void check(Handle handle) {
        for (var i = 0; i < LAST.size(); i++) {
            var dot = LAST.get(i).indexOf('.');
            var table = LAST.get(i).substring(0, dot);
            var column = LAST.get(i).substring(dot + 1);
            try {
                handle.createQuery("select " + column + " from " + table + " where 1 = 0")
                        .mapToMap()
                        .list();
            } catch (RuntimeException e) {
                throw new StoreException(
                        "column " + column + " of table " + table + " can't be read ("
                                + DatabaseThreads.rootMessage(e) + "), which version " + (i + 1)
                                + " of Rein's tables has added: execute the statements of StoreSchema.postgres()"
                                + " from that version on, or leave migrate(false) out",
                        e);
            }
        }
    }
}
