package dev.rein.store;

import dev.rein.session.StateChange;
import java.nio.file.Path;
import java.util.List;

/** Opens a store as soon as it is told to, and adds runs to the session {@code s}. Arguments: the file, its name, how many runs. */
final class SessionWriterMain {
    private SessionWriterMain() {}

    public static void main(String... args) throws Exception {
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody told it to begin");
        }
        try (var store = JdbcSessionStore.sqlite(Path.of(args[0]))) {
            for (var i = 0; i < Integer.parseInt(args[2]); i++) {
                var id = args[1] + " " + i;
                store.insert(SampleRows.pending(id, "s"));
                store.finish(SampleRows.ended(id, "s", "text"), List.of(new StateChange(id, null, i)));
            }
        }
    }
}
