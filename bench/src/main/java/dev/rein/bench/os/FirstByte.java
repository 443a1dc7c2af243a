package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Runs with an instant model, one after the other on one connection: when their first event is there, and when all are. */
final class FirstByte implements Measurement {
    private final int count;
    private final Stage stage;

    FirstByte(int count, Stage stage) {
        this.count = count;
        this.stage = stage;
    }

    @Override
    public String title() {
        return count + " runs with an instant model";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException {
        var first = new Samples();
        var whole = new Samples();
        try (var client = new Client(stage.agentOs())) {
            runs(client, new Samples(), new Samples());
            runs(client, first, whole);
        }
        return List.of(
                Row.of(OsGroup.NAME, "instant_run/first_byte", "ms", first, null, Statistic.P50, 2.0),
                Row.of(OsGroup.NAME, "instant_run/whole", "ms", whole, null, Statistic.P50, 5.0));
    }

    private void runs(Client client, Samples first, Samples whole) throws IOException {
        for (var i = 0; i < count; i++) {
            var startedAt = System.nanoTime();
            client.post(Stage.INSTANT + "/runs", "message=hi");
            client.line();
            first.add((System.nanoTime() - startedAt) / 1e6);
            client.skip();
            whole.add((System.nanoTime() - startedAt) / 1e6);
        }
    }
}
