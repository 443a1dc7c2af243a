package dev.rein.store;

import dev.rein.session.SharedStore;
import dev.rein.testkit.SharedStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest extends SharedStoreContract {
    private SharedStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    @Override
    protected SharedStore store() {
        return store;
    }
}
