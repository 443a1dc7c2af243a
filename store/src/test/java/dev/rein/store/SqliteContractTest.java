package dev.rein.store;

import dev.rein.queue.RunQueue;
import dev.rein.session.SharedStore;
import dev.rein.testkit.RunQueueContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest extends RunQueueContract {
    private Path file;
    private RunQueue store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file);
    }

    @Override
    protected RunQueue store() {
        return store;
    }

    @Override
    protected SharedStore store(Duration lease) {
        return JdbcSessionStore.sqlite(file, lease);
    }
}
