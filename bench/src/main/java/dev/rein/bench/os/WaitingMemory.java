package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Descriptors;
import dev.rein.bench.provider.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What a stream takes in the server while its run waits for its first token, beside a bare server in the same state. */
final class WaitingMemory implements Measurement {
    private static final double ALLOWANCE_HEAP = 12;
    private static final double GOAL_RSS = 113;
    private static final int WARM_UP = 100;

    private final int wanted;
    private final int rounds;
    private final Stage stage;

    WaitingMemory(int wanted, int rounds, Stage stage) {
        this.wanted = wanted;
        this.rounds = rounds;
        this.stage = stage;
    }

    @Override
    public String title() {
        return "memory of " + wanted + " waiting streams";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var count = Descriptors.fit(2 * wanted, notes) / 2;
        var heap = new Samples();
        var bareHeap = new Samples();
        var rss = new Samples();
        var bareRss = new Samples();
        for (var i = 0; i < rounds; i++) {
            heap.add(round("agentos", Stage.WRITER, count, rss));
            bareHeap.add(round("bare", "", count, bareRss));
        }
        var rows = new ArrayList<>(List.of(
                Row.above(OsGroup.NAME, "waiting_stream/heap", "KiB", heap, bareHeap, Statistic.MAX, ALLOWANCE_HEAP)));
        if (rss.count() > 0) {
            rows.add(Row.of(OsGroup.NAME, "waiting_stream/rss", "KiB", rss, bareRss, Statistic.P50, GOAL_RSS));
        } else {
            notes.accept("this system does not tell the resident memory of a process: measured without it");
        }
        return rows;
    }

    /** In a process of its own: what was once taken is not given back, and connections that were used are used again. */
    private double round(String kind, String component, int count, Samples rss)
            throws IOException, InterruptedException {
        try (var server = ServerProcess.start(kind, stage.provider().baseUrl())) {
            if (count > WARM_UP) {
                round(server, component, WARM_UP, new Samples());
            }
            return round(server, component, count, rss);
        }
    }

    /** @return KiB of heap for each stream */
    private double round(ServerProcess server, String component, int count, Samples rss)
            throws IOException, InterruptedException {
        var provider = stage.provider();
        provider.script(State.BEFORE_FIRST_TOKEN.script());
        var heapBefore = server.heap();
        var rssBefore = server.rss();
        var streams = new ArrayList<OpenStream>();
        for (var i = 0; i < count; i++) {
            streams.add(OpenStream.open(server, component, "waiting-" + i, 1, new CountDownLatch(1)));
        }
        provider.awaitHanging(count);
        var rssNow = server.rss();
        var heap = (server.heap() - heapBefore) / 1024.0 / count;
        if (rssBefore != null && rssNow != null) {
            rss.add((rssNow - rssBefore) / (double) count);
        }
        if (component.isEmpty()) {
            // A bare server does not notice that a client leaves, as it has nothing to write: the provider ends it.
            provider.release();
        } else {
            try (var client = new Client(server)) {
                client.post("/runs/cancel", "all=true&wait=10000");
                client.skip();
            }
        }
        for (var stream : streams) {
            stream.await();
        }
        return heap;
    }
}
