package dev.rein.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** An SQLite file, checked before SQLite opens it, because SQLite's own errors say little. */
record SqliteFile(Path path) {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final Set<PosixFilePermission> OF_OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final Logger log = LoggerFactory.getLogger(SqliteFile.class);
    private static final int BUSY_MILLIS = 5_000;

    /** 64 MiB of log, which is reached only if writes never pause; see {@link SqliteCheckpoints}. */
    private static final int MOST_LOGGED_PAGES = 16_384;

    SqliteFile {
        path = path.toAbsolutePath().normalize();
        if (path.toString().contains("?")) {
            throw new IllegalArgumentException(
                    "\"" + path + "\" has a question mark, where SQLite's driver expects options"
                            + " to begin: choose another name");
        }
        var folder = path.getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw refused(path, "it is a directory: name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw refused(path, "there is no directory " + folder + ": create it first");
        }
        if (!Files.isWritable(folder)) {
            throw refused(
                    path,
                    "this process may not write in " + folder
                            + ", where SQLite keeps files beside the database: choose another directory, or change its"
                            + " permissions");
        }
        if (Files.exists(path)) {
            check(path);
        }
    }

    private static void check(Path path) {
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw refused(path, "this process may not read and write it: change its permissions or its owner");
        }
        try (var in = Files.newInputStream(path)) {
            var start = in.readNBytes(MAGIC.length);
            if (start.length > 0 && !Arrays.equals(start, MAGIC)) {
                throw refused(path, "it is not an SQLite database: choose another file, or move this one away");
            }
        } catch (IOException e) {
            throw refused(path, "it can't be read: " + e);
        }
    }

    private static StoreException refused(Path path, String why) {
        return new StoreException("SQLite file " + path + " can't be used: " + why, null);
    }

    /**
     * Connections that write. A new file can be read and written by its owner alone, and SQLite gives the files beside it the same permissions;
     * for an old file that others may read there is a warning.
     */
    DataSource source() {
        protect();
        // A deferred transaction that writes after it has read is refused if another one has written in between.
        return source(TransactionMode.IMMEDIATE);
    }

    /** Connections that only read: their transactions leave the lock of the writer alone. To be called after {@link #source}. */
    DataSource readingSource() {
        return source(TransactionMode.DEFERRED);
    }

    /** For each connection that writes. As text, because older drivers know no constant for it. */
    static String initSql() {
        return "pragma wal_autocheckpoint = " + MOST_LOGGED_PAGES;
    }

    private DataSource source(TransactionMode transactions) {
        SqliteLibrary.prepare();
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        // With WAL, a crash of the process loses nothing; a crash of the machine may lose the last writes, but damages
        // nothing.
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setTransactionMode(transactions);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }

    private void protect() {
        try {
            if (Files.getFileAttributeView(Objects.requireNonNull(path.getParent()), PosixFileAttributeView.class)
                    == null) {
                return;
            }
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            warnIfOpen();
        } catch (IOException e) {
            throw refused(path, "it can't be created: " + e);
        }
    }

    private void warnIfOpen() {
        for (var suffix : List.of("", "-wal", "-shm")) {
            var file = path.resolveSibling(path.getFileName() + suffix);
            try {
                var permissions = Files.getPosixFilePermissions(file);
                if (permissions.stream().anyMatch(each -> !OF_OWNER.contains(each))) {
                    log.warn(
                            "SQLite file {} holds the content of all sessions, and other users have access to it ({}): run chmod"
                                    + " 600 on it",
                            file,
                            PosixFilePermissions.toString(permissions));
                }
            } catch (IOException e) {
                // There is no such file beside the database, or SQLite reports what is wrong with it.
            }
        }
    }

    /** Whether another connection had the file locked. */
    static boolean isBusy(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
