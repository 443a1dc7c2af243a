package dev.rein.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, in a folder of the user's cache. The driver would extract it to the temporary folder for each process, and a
 * process that is killed would leave it there.
 */
final class SqliteLibrary {
    private static final Logger log = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String TEMPORARY_FOLDER = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    /**
     * To be called before the driver is used. Does nothing if the place of the library is configured with the driver's properties, or if the
     * cache can't be written: then the driver extracts the library as usual.
     */
    static void prepare() {
        Once.prepare();
    }

    /** Its initialization prepares the library. */
    private static final class Once {
        static {
            if (System.getProperty(PATH) == null && System.getProperty(TEMPORARY_FOLDER) == null) {
                var library = extracted();
                if (library != null) {
                    System.setProperty(
                            PATH, String.valueOf(library.toAbsolutePath().getParent()));
                    System.setProperty(NAME, String.valueOf(library.getFileName()));
                }
            }
        }

        private Once() {}

        static void prepare() {}
    }

    private static @Nullable Path extracted() {
        var name = LibraryLoaderUtil.getNativeLibName();
        var resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (var in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                return null;
            }
            var content = in.readAllBytes();
            var folder = cache().resolve("rein")
                    .resolve("sqlite-" + SQLiteJDBCLoader.getVersion()
                            + resource.replace("/" + name, "").replace('/', '-'));
            var file = folder.resolve(name);
            if (!isRegular(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
                Files.createDirectories(folder);
                // Another process may be reading or writing the file.
                var written = Files.createTempFile(folder, name, ".new");
                try {
                    Files.write(written, content);
                    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(written);
                }
            }
            return file;
        } catch (IOException | RuntimeException e) {
            log.debug("SQLite's library can't be kept in the cache", e);
            return null;
        }
    }

    private static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path cache() {
        for (var variable : new String[] {"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
            var value = System.getenv(variable);
            if (value != null && Path.of(value).isAbsolute()) {
                return Path.of(value);
            }
        }
        return Path.of(System.getProperty("user.home"), ".cache");
    }
}
