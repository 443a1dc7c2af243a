package dev.rein.bench.flows;

import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.BareCrowd;
import dev.rein.bench.provider.Descriptors;
import dev.rein.bench.provider.Setup;
import dev.rein.bench.provider.State;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A workflow of parallel branches, each waiting for the first token of its model on a socket of its own, is stopped. Beside
 * it as many bare requests that are closed.
 */
final class CancelParallel implements Measurement {
    private static final double GOAL_MILLIS = 100;

    /** The first ones load and compile code: from about the thirtieth on the processor time of a stop does not fall any more. */
    private static final int WARM_UP = 30;

    /** For the clients to have read what the provider says it has written, and to wait. */
    private static final long SETTLE_MILLIS = 100;

    private final int wanted;
    private final int rounds;
    private final Setup setup;
    private final Samples closed = new Samples();
    private final Samples ended = new Samples();
    private final Samples bareClosed = new Samples();
    private final Samples bareEnded = new Samples();

    CancelParallel(int wanted, int rounds, Setup setup) {
        this.wanted = wanted;
        this.rounds = rounds;
        this.setup = setup;
    }

    @Override
    public String title() {
        return rounds + " workflows of " + wanted + " waiting branches stopped";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException, ExecutionException {
        var count = Descriptors.fit(wanted, notes);
        var agent = setup.agent();
        var branches = IntStream.range(0, count)
                .mapToObj(i -> Step.of("branch-" + i, agent))
                .toArray(WorkflowStep[]::new);
        var workflow = Workflow.builder()
                .name("Bench Workflow")
                .steps(Parallel.of("all", branches))
                .build();
        var bare = new BareCrowd(setup.bare(), setup.provider().baseUrl());
        for (var i = 0; i < Math.min(WARM_UP, rounds); i++) {
            round(workflow, count, new Samples(), new Samples());
            bareRound(bare, count, new Samples(), new Samples());
        }
        for (var i = 0; i < rounds; i++) {
            round(workflow, count, closed, ended);
            bareRound(bare, count, bareClosed, bareEnded);
        }
        var name = "cancel_workflow/" + count + "_branches";
        return List.of(
                row(name + "/all_sockets_closed", closed, bareClosed), row(name + "/terminal_event", ended, bareEnded));
    }

    private static Row row(String name, Samples run, Samples bare) {
        return Row.of(FlowsGroup.NAME, name, "ms", run, bare, Statistic.P99, GOAL_MILLIS);
    }

    private void round(Workflow workflow, int count, Samples sockets, Samples events)
            throws IOException, InterruptedException, ExecutionException {
        setup.provider().script(State.BEFORE_FIRST_TOKEN.script());
        try (var stream = workflow.stream("Tell me a story.")) {
            var last = new CompletableFuture<Long>();
            Thread.ofPlatform().daemon().name("bench-reader").start(() -> {
                for (var event : stream) {
                    if (event instanceof WorkflowCancelled) {
                        last.complete(System.nanoTime());
                    }
                }
                last.completeExceptionally(new IllegalStateException("it ended otherwise: " + stream.output()));
            });
            setup.provider().awaitHanging(count);
            Thread.sleep(SETTLE_MILLIS);
            var startedAt = System.nanoTime();
            stream.cancel();
            events.add((last.get() - startedAt) / 1e6);
            sockets.add((setup.provider().awaitClosed(count) - startedAt) / 1e6);
        }
    }

    private void bareRound(BareCrowd crowd, int count, Samples sockets, Samples events)
            throws IOException, InterruptedException {
        crowd.gather(count, setup.provider());
        Thread.sleep(SETTLE_MILLIS);
        var stopped = crowd.stop();
        events.add(stopped.endedMillis());
        sockets.add(stopped.closedMillis(setup.provider().awaitClosed(count)));
    }
}
