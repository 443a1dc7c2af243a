package dev.rein.store;

import dev.rein.queue.RunQueue;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class DurableRunsInSqliteTest extends DurableRunsContract {
    @TempDir
    private Path folder;

    @Override
    RunQueue open(Duration lease) {
        return JdbcSessionStore.sqlite(folder.resolve("rein.db"), lease);
    }
}
