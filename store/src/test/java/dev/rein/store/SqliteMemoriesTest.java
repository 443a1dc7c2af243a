package dev.rein.store;

import dev.rein.testkit.MemoryStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteMemoriesTest extends MemoryStoreContract<JdbcSessionStore> {
    private JdbcSessionStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    @Override
    protected JdbcSessionStore store() {
        return store;
    }
}
