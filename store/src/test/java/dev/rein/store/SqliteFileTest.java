package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Files that can't be a store are refused with the reason and the way out. */
class SqliteFileTest {
    @TempDir
    private Path folder;

    private static void assertRefused(Path file, String... parts) {
        assertThatThrownBy(() -> JdbcSessionStore.sqlite(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }

    @Test
    void aFileInAMissingDirectoryIsRefused() {
        assertRefused(folder.resolve("missing/rein.db"), "there is no directory", "missing", "create it");
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void onlyTheOwnerHasAccessToTheFilesOfANewDatabase() throws Exception {
        var file = folder.resolve("rein.db");
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.session("none")).isEmpty();
            for (var suffix : new String[] {"", "-wal", "-shm"}) {
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("rein.db" + suffix))))
                        .as("rein.db" + suffix)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void anOldFileThatOthersMayReadIsReported() throws Exception {
        var file = folder.resolve("rein.db");
        JdbcSessionStore.sqlite(file).close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        var logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(SqliteFile.class);
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        logger.addAppender(logged);
        try {
            JdbcSessionStore.sqlite(file).close();
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(logged.list).hasSize(1).first().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains(file.toString(), "rw-r--r--", "chmod 600");
        });
    }

    @Test
    void aDirectoryIsRefused() {
        assertRefused(folder, "it is a directory", "name a file");
    }

    @Test
    void whatIsNoDatabaseIsRefusedAndLeftAsItIs() throws Exception {
        var file = Files.writeString(folder.resolve("notes.txt"), "My diary, which nobody may overwrite.");
        assertRefused(file, "not an SQLite database", "another file");
        assertThat(file).hasContent("My diary, which nobody may overwrite.");
        assertThat(folder).isDirectoryContaining(file::equals);
    }

    @Test
    void aDamagedDatabaseIsRefused() throws Exception {
        var file = folder.resolve("rein.db");
        JdbcSessionStore.sqlite(file).close();
        var bytes = Files.readAllBytes(file);
        for (var i = 16; i < bytes.length; i++) {
            bytes[i] = 'x';
        }
        Files.write(file, bytes);
        assertRefused(file, "can't be opened");
    }

    @Test
    void aPlaceWhereNothingCanBeWrittenIsRefused() {
        assertThatThrownBy(() -> JdbcSessionStore.sqlite(Path.of("/proc/rein.db")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/proc/rein.db");
    }

    @Test
    void aReadOnlyFileIsRefused() throws Exception {
        var file = Files.createFile(folder.resolve("rein.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assumeFalse(Files.isWritable(file), "root may write everything");
        assertRefused(file, "permissions");
    }

    @Test
    void aNameThatTheDriverWouldReadAsOptionsIsRefused() {
        assertThatThrownBy(() -> JdbcSessionStore.sqlite(folder.resolve("rein.db?mode=memory")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("question mark");
    }

    @Test
    void anEmptyFileBecomesADatabaseAndNamesMayBeStrange() throws Exception {
        var file = Files.createFile(folder.resolve("my 'rein' #1 %20 ü.db"));
        try (var store = JdbcSessionStore.sqlite(file)) {
            assertThat(store.run("a")).isEmpty();
        }
        assertThat(file).isNotEmptyFile();
        assertThat(folder).isDirectoryContaining(file::equals);
    }
}
