package dev.rein.cli.serve;

import dev.rein.store.JdbcSessionStore;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the database of sessions and runs. */
final class DatabaseOptions {
    private static final String POSTGRES = "jdbc:postgresql:";

    private static final Pattern URL = Pattern.compile("^[a-z][a-z0-9+.-]+://");

    @Option(
            names = "--db",
            paramLabel = "FILE|URL",
            defaultValue = "rein.db",
            description = "The database of sessions and runs: an SQLite file, created if missing, or"
                    + " jdbc:postgresql://HOST/DATABASE. Default: rein.db.")
    private String db = "rein.db";

    @Option(
            names = "--db-user",
            paramLabel = "NAME",
            description = "The user of a PostgreSQL database. Default: REIN_DB_USER.")
    private @Nullable String user;

    @Option(
            names = "--db-password",
            paramLabel = "PASSWORD",
            description =
                    "The user's password; visible to other users of this machine. Default:" + " REIN_DB_PASSWORD.")
    private @Nullable String password;

    boolean isPostgres() {
        return db.startsWith(POSTGRES);
    }

    /** A description without credentials and parameters. */
    String shown() {
        return isPostgres()
                ? "PostgreSQL at " + db.substring(POSTGRES.length()).replaceAll("\\?.*", "")
                : "SQLite in " + db;
    }

    private static String orElse(@Nullable String given, String variable) {
        return given != null ? given : Objects.requireNonNullElse(System.getenv(variable), "");
    }

    /** @throws RuntimeException if the database can't be opened; the message says why */
    JdbcSessionStore open() {
        if (isPostgres()) {
            return JdbcSessionStore.postgres(db, orElse(user, "REIN_DB_USER"), orElse(password, "REIN_DB_PASSWORD"));
        }
        if (db.startsWith("jdbc:")) {
            throw new IllegalArgumentException("--db begins with \"" + db.substring(0, db.indexOf(':', 5) + 1)
                    + "\": give a file, or" + " jdbc:postgresql://HOST/DATABASE");
        }
        var scheme = URL.matcher(db);
        if (scheme.find()) {
            throw new IllegalArgumentException("--db begins with \"" + scheme.group() + "\": give a file, or"
                    + " jdbc:postgresql://HOST/DATABASE with --db-user and REIN_DB_PASSWORD");
        }
        return JdbcSessionStore.sqlite(Path.of(db));
    }
}
