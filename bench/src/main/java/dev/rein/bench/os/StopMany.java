package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Descriptors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Many open streams, some of which are stopped at once: by one request for their session, or by a request for each. */
final class StopMany implements Measurement {
    private static final double GOAL = 100;

    /** As many connections as HTTP clients keep by default, such as Python's httpx: fewer would not send all at once. */
    private static final int STOPPERS = 100;

    /** The first ones compile code: from about the twentieth on they take no less time. */
    private static final int WARM_UP = 20;

    /** By then all that the start of so many has caused is over. */
    private static final long SETTLE_MILLIS = 1_000;

    private final int wanted;
    private final int stopped;
    private final int rounds;
    private final Stage stage;

    StopMany(int wanted, int stopped, int rounds, Stage stage) {
        this.wanted = wanted;
        this.stopped = stopped;
        this.rounds = rounds;
        this.stage = stage;
    }

    @Override
    public String title() {
        return stopped + " of " + wanted + " streams stopped at once";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var count = Descriptors.fit(2 * wanted, notes) / 2;
        var bySession = new Samples[] {new Samples(), new Samples()};
        var byRun = new Samples[] {new Samples(), new Samples()};
        for (var i = 0; i < Math.min(WARM_UP, 2 * rounds - 1); i++) {
            round(count, i % 2 == 0, new Samples[] {new Samples(), new Samples()});
        }
        for (var i = 0; i < rounds; i++) {
            round(count, true, bySession);
            round(count, false, byRun);
        }
        var name = "stop_" + stopped + "_of_" + count;
        return List.of(
                row(name + "/session/last_cancelled_event", bySession[0]),
                row(name + "/session/last_socket_closed", bySession[1]),
                row(name + "/each/last_cancelled_event", byRun[0]),
                row(name + "/each/last_socket_closed", byRun[1]));
    }

    private static Row row(String name, Samples samples) {
        return Row.of(OsGroup.NAME, name, "ms", samples, null, Statistic.MAX, GOAL);
    }

    private void round(int count, boolean bySession, Samples[] told) throws IOException, InterruptedException {
        stage.provider().script("{\"forever\":true,\"dripMillis\":50}");
        var started = new CountDownLatch(count);
        var all = new ArrayList<OpenStream>();
        for (var i = 0; i < count; i++) {
            all.add(OpenStream.open(stage.agentOs(), Stage.WRITER, i < stopped ? "stopped" : "others", 1, started));
        }
        Stage.await(started, "the first tokens");
        Thread.sleep(SETTLE_MILLIS);
        var some = all.subList(0, Math.min(stopped, count));
        var sentAt = bySession ? stopSession() : stopEach(some);
        var last = 0L;
        for (var stream : some) {
            stream.await();
            last = Math.max(last, stream.cancelledAt() - sentAt);
        }
        told[0].add(last / 1e6);
        told[1].add((stage.provider().awaitClosed(some.size()) - sentAt) / 1e6);
        stopAll();
        for (var stream : all) {
            stream.await();
        }
        stage.provider().awaitClosed(count);
    }

    private long stopSession() throws IOException {
        return post("session_id=stopped");
    }

    private void stopAll() throws IOException {
        post("all=true");
    }

    private long post(String form) throws IOException {
        try (var client = new Client(stage.agentOs())) {
            var sentAt = System.nanoTime();
            client.post("/runs/cancel", form);
            client.skip();
            return sentAt;
        }
    }

    /** Over connections that are open already, each for its share. */
    private long stopEach(List<OpenStream> streams) throws IOException, InterruptedException {
        var clients = new ArrayList<Client>();
        for (var i = 0; i < STOPPERS; i++) {
            clients.add(new Client(stage.agentOs()));
        }
        var threads = new ArrayList<Thread>();
        var sentAt = System.nanoTime();
        for (var i = 0; i < STOPPERS; i++) {
            var share = i;
            threads.add(Thread.startVirtualThread(() -> {
                try (var client = clients.get(share)) {
                    for (var at = share; at < streams.size(); at += STOPPERS) {
                        client.post(Stage.WRITER + "/runs/" + streams.get(at).runId() + "/cancel", "");
                        client.skip();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return sentAt;
    }
}
