package dev.rein.bench.store;

import dev.rein.store.JdbcSessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A store in a file of its own, which is deleted afterwards. */
final class TempFile implements AutoCloseable {
    private final Path folder;
    private final JdbcSessionStore store;

    TempFile() throws IOException {
        folder = Files.createTempDirectory("rein-bench");
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    JdbcSessionStore store() {
        return store;
    }

    @Override
    public void close() throws IOException {
        store.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
