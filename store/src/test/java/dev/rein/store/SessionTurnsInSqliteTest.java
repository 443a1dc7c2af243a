package dev.rein.store;

import dev.rein.session.SharedStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class SessionTurnsInSqliteTest extends SessionTurnsContract {
    @TempDir
    private Path folder;

    @Override
    SharedStore open(Duration lease) {
        return JdbcSessionStore.sqlite(folder.resolve("rein.db"), lease);
    }
}
