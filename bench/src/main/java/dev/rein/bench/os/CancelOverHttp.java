package dev.rein.bench.os;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.State;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One team after the other is stopped by a request while its member streams. */
final class CancelOverHttp implements Measurement {
    private static final String DELEGATES =
            "{\"toolCalls\":[{\"name\":\"delegate_task_to_member\",\"arguments\":{\"member_id\":\"writer\",\"task\":\"tell\"}}]}";
    private static final int BLOCK = 50;
    private static final int TOKENS = 3;

    private final int count;
    private final Stage stage;

    CancelOverHttp(int count, Stage stage) {
        this.count = count;
        this.stage = stage;
    }

    @Override
    public String title() {
        return count + " teams stopped over HTTP, one by one";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var closed = new Samples();
        var told = new Samples();
        try (var control = new Client(stage.agentOs())) {
            block(control, Math.min(BLOCK, count), new Samples(), new Samples());
            for (var done = 0; done < count; done += BLOCK) {
                block(control, Math.min(BLOCK, count - done), closed, told);
            }
        }
        return List.of(
                row("post_to_socket_closed", closed, Statistic.P50, 5),
                row("post_to_socket_closed", closed, Statistic.P99, 25),
                row("post_to_team_cancelled", told, Statistic.P50, 10),
                row("post_to_team_cancelled", told, Statistic.P99, 50));
    }

    private static Row row(String name, Samples samples, Statistic judged, double goal) {
        return Row.of(OsGroup.NAME, name, "ms", samples, null, judged, goal);
    }

    private void block(Client control, int size, Samples closed, Samples told)
            throws IOException, InterruptedException {
        var provider = stage.provider();
        provider.script(State.MID_STREAM.script());
        var sentAt = new long[size];
        for (var i = 0; i < size; i++) {
            provider.scriptNext(DELEGATES);
            var started = new CountDownLatch(1);
            try (var stream = OpenStream.open(stage.agentOs(), Stage.WRITERS, "bench-" + i, TOKENS, started)) {
                Stage.await(started, "the member's first tokens");
                // The stop comes at any moment between two tokens.
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MILLISECONDS.toNanos(5)));
                sentAt[i] = System.nanoTime();
                control.post(Stage.WRITERS + "/runs/" + stream.runId() + "/cancel", "");
                control.skip();
                stream.await();
                told.add((stream.cancelledAt() - sentAt[i]) / 1e6);
            }
        }
        var seen = provider.closed(size);
        for (var i = 0; i < size; i++) {
            closed.add((seen.get(i).closedAtNanos() - sentAt[i]) / 1e6);
        }
    }
}
