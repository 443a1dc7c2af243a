package dev.rein.bench.os;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Runs with an instant model, one after the other on one connection: when the first text is read, and when the last event is. */
final class FirstContent implements Measurement {
    private final int count;
    private final Stage stage;

    FirstContent(int count, Stage stage) {
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
                row("first_content", first, Statistic.P50, 2),
                row("first_content", first, Statistic.P99, 20),
                row("whole", whole, Statistic.P50, 5),
                row("whole", whole, Statistic.P99, 50));
    }

    private static Row row(String name, Samples samples, Statistic judged, double goal) {
        return Row.of(OsGroup.NAME, "instant_run/" + name, "ms", samples, null, judged, goal);
    }

    private void runs(Client client, Samples first, Samples whole) throws IOException {
        for (var i = 0; i < count; i++) {
            var startedAt = System.nanoTime();
            client.post(Stage.INSTANT + "/runs", "message=hi");
            skipToContent(client);
            first.add((System.nanoTime() - startedAt) / 1e6);
            client.skip();
            whole.add((System.nanoTime() - startedAt) / 1e6);
        }
    }

    /** Reads the line that announces the first text: what comes before it tells of the run only. */
    private static void skipToContent(Client client) throws IOException {
        for (var line = client.line(); line != null; line = client.line()) {
            if (line.equals("event: RunContent")) {
                return;
            }
        }
        throw new IOException("a run ended without a text");
    }
}
