package dev.rein.bench.flows;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.run.StepOutput;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What one more step costs: a workflow with many beside one with a single one, in turns. */
final class StepCost implements Measurement {
    private static final int MORE = 50;
    private static final int WARM_UP = 2_000;

    private final String kind;
    private final double goalMicros;
    private final int runs;
    private final Workflow one;
    private final Workflow many;

    private StepCost(String kind, double goalMicros, int runs, IntFunction<Step> step) {
        this.kind = kind;
        this.goalMicros = goalMicros;
        this.runs = runs;
        this.one = workflow(1, step);
        this.many = workflow(1 + MORE, step);
    }

    static StepCost ofFunctions(int runs) {
        var output = StepOutput.of("done");
        return new StepCost("function", 5, runs, i -> Step.of("step-" + i, _ -> output));
    }

    static StepCost ofAgents(int runs) {
        var agent = Agent.builder().name("Instant").model(new Models.Instant()).build();
        return new StepCost("agent", 30, runs, i -> Step.of("step-" + i, agent));
    }

    private static Workflow workflow(int count, IntFunction<Step> step) {
        var steps = IntStream.range(0, count).mapToObj(step).toArray(WorkflowStep[]::new);
        return Workflow.builder().name("Bench Workflow").steps(steps).build();
    }

    @Override
    public String title() {
        return runs + " workflows of instant steps, each a " + kind;
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws InterruptedException, ExecutionException {
        var result = new CompletableFuture<Samples>();
        Thread.startVirtualThread(() -> {
            try {
                times(runs < 100 ? runs : WARM_UP);
                result.complete(times(runs));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return List.of(Row.of(
                FlowsGroup.NAME,
                "one_more_step/" + kind,
                "us",
                result.get(),
                null,
                Statistic.P50,
                goalMicros));
    }

    private Samples times(int count) {
        var samples = new Samples();
        for (var i = 0; i < count; i++) {
            var single = micros(one);
            samples.add((micros(many) - single) / MORE);
        }
        return samples;
    }

    private static double micros(Workflow workflow) {
        var startedAt = System.nanoTime();
        var output = workflow.run("Go");
        var micros = (System.nanoTime() - startedAt) / 1e3;
        if (!output.isCompleted()) {
            throw new IllegalStateException("the workflow did not complete: " + output);
        }
        return micros;
    }
}
