package dev.rein.bench.kernel;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.BareCrowd;
import dev.rein.bench.provider.Crowd;
import dev.rein.bench.provider.Descriptors;
import dev.rein.bench.provider.Setup;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Many live runs of one session, each waiting for its first token on a socket of its own, are stopped by one call. */
final class CancelSession implements Measurement {
    private static final double GOAL_MILLIS = 1_000;

    /** The first ones load and compile code. */
    private static final int WARM_UP = 4;

    /** For the clients to have read what the provider says it has written. */
    private static final long SETTLE_MILLIS = 300;

    private record Measured(Samples called, Samples ended, Samples closed) {
        Measured() {
            this(new Samples(), new Samples(), new Samples());
        }
    }

    private final int wanted;
    private final int rounds;
    private final Setup setup;

    CancelSession(int wanted, int rounds, Setup setup) {
        this.wanted = wanted;
        this.rounds = rounds;
        this.setup = setup;
    }

    @Override
    public String title() {
        return wanted + " live runs stopped at once";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var count = Descriptors.fit(wanted, notes);
        var runs = new RunCrowd(setup.agent());
        var requests = new BareCrowd(setup.bare(), setup.provider().baseUrl());
        for (var i = 0; i < Math.min(WARM_UP, rounds); i++) {
            round(runs, count, new Measured());
            round(requests, count, new Measured());
        }
        var run = new Measured();
        var bare = new Measured();
        for (var i = 0; i < rounds; i++) {
            round(runs, count, run);
            round(requests, count, bare);
        }
        var name = "cancel_session/" + count + "_runs";
        return List.of(
                row(name + "/all_terminal", run.ended, bare.ended, GOAL_MILLIS),
                row(name + "/call_returned", run.called, bare.called, null),
                row(name + "/all_sockets_closed", run.closed, bare.closed, GOAL_MILLIS));
    }

    private static Row row(String name, Samples run, Samples bare, @Nullable Double goal) {
        return Row.of(KernelGroup.NAME, name, "ms", run, bare, Statistic.MAX, goal);
    }

    private void round(Crowd crowd, int count, Measured measured) throws IOException, InterruptedException {
        crowd.gather(count, setup.provider());
        Thread.sleep(SETTLE_MILLIS);
        var stopped = crowd.stop();
        measured.called.add(stopped.calledMillis());
        measured.ended.add(stopped.endedMillis());
        measured.closed.add(stopped.closedMillis(setup.provider().awaitClosed(count)));
    }
}
