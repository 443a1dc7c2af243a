package dev.rein.store;

import dev.rein.session.SharedStore;
import dev.rein.testkit.SharedStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest extends SharedStoreContract {
    private Path file;
    private SharedStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file);
    }

    @Override
    protected SharedStore store() {
        return store;
    }

    @Override
    protected SharedStore store(Duration lease) {
        return JdbcSessionStore.sqlite(file, lease);
    }
}
