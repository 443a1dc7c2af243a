package dev.rein.store;

import dev.rein.session.SharedStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DeletedSessionInSqliteTest extends DeletedSessionContract {
    @TempDir
    private Path folder;

    @Override
    SharedStore open() {
        return JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }
}
