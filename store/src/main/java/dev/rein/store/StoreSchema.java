package dev.rein.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
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
    private static final Pattern FILE = Pattern.compile("V(\\d+)__(\\w+)\\.sql");

    /** A table that a version creates, or a table and the column that it adds. */
    private static final Pattern ADDED =
            Pattern.compile("^create table (\\w+)|^alter table (\\w+) add column (\\w+)", Pattern.MULTILINE);

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
        return files().stream()
                .map(FILE::matcher)
                .filter(Matcher::matches)
                .map(this::version)
                .sorted(Comparator.comparingInt(Version::number))
                .toList();
    }

    private Version version(MatchResult file) {
        var sql = read(file.group());
        for (var each : dialect.placeholders().entrySet()) {
            sql = sql.replace("${" + each.getKey() + "}", each.getValue());
        }
        return new Version(Integer.parseInt(file.group(1)), file.group(2).replace('_', ' '), sql);
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

    /** The names of the files of migrations, in a folder of classes or in a jar, which may be within another one. */
    private static List<String> files() {
        try {
            var folder = Objects.requireNonNull(StoreSchema.class.getResource("migration"), "migration");
            if (folder.openConnection() instanceof JarURLConnection jar) {
                var prefix = jar.getEntryName().replaceFirst("/?$", "/");
                return jar.getJarFile().stream()
                        .map(ZipEntry::getName)
                        .filter(name -> name.startsWith(prefix))
                        .map(name -> name.substring(prefix.length()))
                        .toList();
            }
            try (var files = Files.list(Path.of(folder.toURI()))) {
                return files.map(file -> file.getFileName().toString()).toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
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
        for (var version : postgres().versions()) {
            ADDED.matcher(version.sql()).results().forEach(added -> check(handle, version, added));
        }
    }

    private static void check(Handle handle, Version version, MatchResult added) {
        var isTable = added.group(1) != null;
        var table = isTable ? added.group(1) : added.group(2);
        var column = isTable ? "1" : added.group(3);
        try {
            handle.createQuery("select " + column + " from " + table + " where 1 = 0")
                    .mapToMap()
                    .list();
        } catch (RuntimeException e) {
            throw new StoreException(
                    (isTable ? "" : "column " + column + " of ") + "table " + table + ", which version "
                            + version.number() + " of Rein's tables has added, can't be read ("
                            + DatabaseThreads.rootMessage(e)
                            + "): execute the statements of StoreSchema.postgres() from that version on, or leave"
                            + " migrate(false) out",
                    e);
        }
    }
}
