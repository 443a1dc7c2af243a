package dev.rein.store;

import dev.rein.runtime.RunOptions;
import dev.rein.session.SharedStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One SQLite file as two processes have it. */
abstract class TwoProcesses {
    static final RunOptions SESSION = RunOptions.defaults().sessionId("s");
    static final Duration LONG = Duration.ofSeconds(30);

    SharedStore store;
    SharedStore other;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        other = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    @AfterEach
    void close() {
        store.close();
        other.close();
    }
}
