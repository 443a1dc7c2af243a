package dev.rein.bench.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.bench.provider.Setup;
import dev.rein.bench.provider.State;
import dev.rein.cancel.CancelRequest;
import dev.rein.store.JdbcSessionStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Stops runs of another process, by a PostgreSQL that both use, until the provider, a third one, sees its socket closed. */
final class CancelElsewhere implements Measurement {
    private static final int WARM_UP = 100;

    private final int count;
    private final Setup setup;

    CancelElsewhere(int count, Setup setup) {
        this.count = count;
        this.setup = setup;
    }

    @Override
    public String title() {
        return count + " runs of another process stopped, by PostgreSQL";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        try (var server = durable()) {
            notes.accept("PostgreSQL commits as in production: synchronous_commit is "
                    + setting(server, "synchronous_commit") + ", fsync is " + setting(server, "fsync"));
            var url = server.getJdbcUrl("postgres", "postgres");
            var model = setup.provider().baseUrl().toString();
            try (var store = JdbcSessionStore.postgres(url, "postgres", "postgres");
                    var runner = new RunnerProcess(url, model)) {
                var agent = Agent.builder()
                        .name("Bench Agent")
                        .model(new Models.Instant())
                        .store(store)
                        .build();
                stop(agent, runner, Math.min(WARM_UP, count), new Samples(), new Samples());
                var closed = new Samples();
                var answered = new Samples();
                stop(agent, runner, count, closed, answered);
                return List.of(
                        row("cancel_elsewhere/socket_closed", closed, Statistic.P50, 5),
                        row("cancel_elsewhere/socket_closed", closed, Statistic.P99, 50),
                        row("cancel_elsewhere/answer", answered, Statistic.P50, 10),
                        row("cancel_elsewhere/answer", answered, Statistic.P99, 100));
            }
        }
    }

    /** The embedded server comes with both switched off, which makes commits faster than any in production. */
    private static EmbeddedPostgres durable() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .start();
    }

    private static String setting(EmbeddedPostgres server, String name) throws IOException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("show " + name)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IOException("the setting " + name + " can't be read", e);
        }
    }

    private static Row row(String name, Samples samples, Statistic judged, double goal) {
        return Row.of(StoreGroup.NAME, name, "ms", samples, null, judged, goal);
    }

    private void stop(Agent agent, RunnerProcess runner, int times, Samples closed, Samples answered)
            throws IOException, InterruptedException {
        var provider = setup.provider();
        for (var i = 0; i < times; i++) {
            provider.script(State.BEFORE_FIRST_TOKEN.script());
            var runId = runner.startRun();
            provider.awaitHanging(1);
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MILLISECONDS.toNanos(5)));
            var stoppedAt = System.nanoTime();
            var result = agent.cancel(runId, CancelRequest.now());
            answered.add((System.nanoTime() - stoppedAt) / 1e6);
            // An answer that did not come within a second counts with what it took.
            if (!result.stopping()) {
                throw new IllegalStateException("run " + runId + " was not stopped: " + result);
            }
            closed.add((provider.closed(1).getFirst().closedAtNanos() - stoppedAt) / 1e6);
        }
    }
}
