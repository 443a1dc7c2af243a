package dev.rein.bench.provider;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One run after the other is stopped in the same state: how long until the provider sees its socket closed, how long until
 * the one who reads the stream has the last event, and how many tokens the provider wrote after the stop.
 */
public final class CancelLatency implements Measurement {
    private static final int BLOCK = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One token of the stream is longer than this many bytes, so a bare reader that has more is in mid-stream too. */
    private static final int BARE_MID_STREAM = 1_000;

    private static final int RUN_MID_STREAM = 3;

    /** What was measured of one kind of request. */
    private record Measured(Samples closed, Samples told, Samples tokens) {
        Measured() {
            this(new Samples(), new Samples(), new Samples());
        }
    }

    private final String group;
    private final Stopped stopped;
    private final State state;
    private final int count;
    private final Setup setup;

    /**
     * The agent whose runs are stopped.
     *
     * @param name what rows and titles call it, with a slash at its end; may be empty
     * @param agent makes it when it is needed
     */
    public record Stopped(String name, AgentFactory agent) {}

    /** Makes an agent that talks to the provider of a setup. */
    @FunctionalInterface
    public interface AgentFactory {
        Agent create(Setup setup) throws IOException;
    }

    /** @param group the rows' group */
    public CancelLatency(String group, Stopped stopped, State state, int count, Setup setup) {
        this.group = group;
        this.stopped = stopped;
        this.state = state;
        this.count = count;
        this.setup = setup;
    }

    @Override
    public String title() {
        return count + " stops one by one, " + stopped.name().replace("/", ", ")
                + state.text().replace('_', ' ');
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var agent = stopped.agent().create(setup);
        var baseUrl = setup.provider().baseUrl();
        Supplier<Stoppable> runs = () -> StoppableRun.start(agent);
        Supplier<Stoppable> requests = () -> StoppableRequest.start(setup.bare(), baseUrl);
        var warmUp = Math.min(BLOCK, count);
        block(runs, RUN_MID_STREAM, warmUp, new Measured());
        block(requests, BARE_MID_STREAM, warmUp, new Measured());
        var run = new Measured();
        var bare = new Measured();
        // In turns, so that a busy moment of the machine falls on both.
        for (var done = 0; done < count; done += BLOCK) {
            var size = Math.min(BLOCK, count - done);
            block(runs, RUN_MID_STREAM, size, run);
            block(requests, BARE_MID_STREAM, size, bare);
        }
        return rows(run, bare);
    }

    private List<Row> rows(Measured run, Measured bare) {
        var rows = new ArrayList<Row>();
        rows.add(row("cancel_to_socket_closed/", run.closed, bare.closed, Statistic.P50, 1));
        rows.add(row("cancel_to_socket_closed/", run.closed, bare.closed, Statistic.P99, 10));
        rows.add(row("cancel_to_terminal_event/", run.told, bare.told, Statistic.P50, 2));
        rows.add(row("cancel_to_terminal_event/", run.told, bare.told, Statistic.P99, 15));
        if (state == State.MID_STREAM) {
            rows.add(Row.of(
                    group,
                    "tokens_after_cancel/" + stopped.name() + state.text(),
                    "tokens",
                    run.tokens,
                    bare.tokens,
                    Statistic.MAX,
                    1.0));
        }
        return rows;
    }

    private Row row(String name, Samples run, Samples bare, Statistic judged, double goal) {
        return Row.of(group, name + stopped.name() + state.text(), "ms", run, bare, judged, goal);
    }

    private void block(Supplier<Stoppable> starter, int midStream, int size, Measured measured)
            throws IOException, InterruptedException {
        var provider = setup.provider();
        provider.script(state.script());
        var stoppedAt = new long[size];
        for (var i = 0; i < size; i++) {
            var request = starter.get();
            if (state == State.MID_STREAM) {
                awaitProgress(request, midStream);
            } else {
                // Those before it have ended, so one that hangs is this one.
                provider.awaitHanging(1);
            }
            // The stop comes at any moment between two tokens, and not right behind the request that asked the
            // provider.
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MILLISECONDS.toNanos(5)));
            stoppedAt[i] = System.nanoTime();
            request.stop();
            measured.told.add((request.awaitStopped() - stoppedAt[i]) / 1e6);
        }
        var seen = provider.closed(size);
        for (var i = 0; i < size; i++) {
            measured.closed.add((seen.get(i).closedAtNanos() - stoppedAt[i]) / 1e6);
            measured.tokens.add((double) seen.get(i).tokensAfter(stoppedAt[i]));
        }
    }

    private static void awaitProgress(Stoppable request, int wanted) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (request.progress() < wanted) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no token came within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(1);
        }
    }
}
