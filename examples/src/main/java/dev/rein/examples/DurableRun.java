package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.queue.DurableOptions;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import java.nio.file.Path;

/**
 * Starts a durable run in a process that executes none, and executes it in the next one: {@code [model [file]]}. The queue is in an SQLite
 * file. Run it twice: the run has a key, so it is the same one, and is executed the second time.
 */
public final class DurableRun {
    private DurableRun() {}

    public static void main(String... args) throws InterruptedException {
        try (var store = JdbcSessionStore.sqlite(Path.of(args.length > 1 ? args[1] : "rein.db"))) {
            var clerk = Agent.builder()
                    .name("Clerk")
                    .model(ExampleModel.of(args))
                    .store(store)
                    .build();
            var isFirst = store.session("orders").isEmpty();
            Runs.shared().durableSlots(isFirst ? 0 : 4);

            var once = DurableOptions.defaults().idempotencyKey("order 4711");
            var run = clerk.start(
                    "Check order 4711",
                    RunOptions.defaults().sessionId("orders").durable(once));
            System.out.println("run " + run.id() + " is " + run.status());
            if (!isFirst) {
                System.out.println(run.await().orThrow().text());
            }
        }
    }
}
