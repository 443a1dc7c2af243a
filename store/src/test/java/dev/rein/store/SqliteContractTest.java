package dev.rein.store;

import dev.rein.session.SessionStore;
import dev.rein.testkit.SessionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest extends SessionStoreContract {
    private SessionStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    @Override
    protected SessionStore store() {
        return store;
    }
}
