package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.runtime.RunOptions;
import dev.rein.store.JdbcSessionStore;
import java.nio.file.Path;

/**
 * Remembers what was said when it ran the last time: sessions are kept in an SQLite file, the second argument, or
 * {@code rein.db}. Run it twice.
 */
public final class DurableSession {
    private DurableSession() {}

    public static void main(String... args) {
        try (var store = JdbcSessionStore.sqlite(Path.of(args.length > 1 ? args[1] : "rein.db"))) {
            var agent = Agent.builder()
                    .name("Assistant")
                    .model(ExampleModel.of(args))
                    .store(store)
                    .addHistory(10)
                    .build();
            var earlier = store.runs("diary").size();
            System.out.println(earlier + " earlier runs are stored");

            var message = earlier == 0 ? "My name is Odile and I like mountains." : "What is my name?";
            var output = agent.run(message, RunOptions.defaults().sessionId("diary"));
            System.out.println(output.orThrow().text());
        }
    }
}
