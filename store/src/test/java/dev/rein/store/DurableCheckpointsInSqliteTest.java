package dev.rein.store;

import dev.rein.queue.RunQueue;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class DurableCheckpointsInSqliteTest extends DurableCheckpointsContract {
    @TempDir
    private Path folder;

    @Override
    RunQueue open(Duration lease) {
        return JdbcSessionStore.sqlite(folder.resolve("rein.db"), lease);
    }
}
