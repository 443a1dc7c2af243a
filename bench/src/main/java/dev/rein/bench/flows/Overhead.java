package dev.rein.bench.flows;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What steps and delegations cost: a run with some, and in turns with it a run with as few as possible, its floor. */
final class Overhead implements Measurement {
    private static final int MORE_STEPS = 50;
    private static final int WARM_UP = 3_000;

    private static final Agent INSTANT =
            Agent.builder().name("Instant").model(new Models.Instant()).build();

    /** By so much the 99th percentile may exceed the floor's, measured in what the median may. */
    private static final int P99_FACTOR = 10;

    private record Measured(Samples with, Samples without) {}

    private final String what;
    private final double allowanceMicros;
    private final int runs;
    private final Component without;
    private final Component with;

    /** @param allowanceMicros how much longer the median of {@code with} may take than that of {@code without} */
    private Overhead(String what, double allowanceMicros, int runs, Component without, Component with) {
        this.what = what;
        this.allowanceMicros = allowanceMicros;
        this.runs = runs;
        this.without = without;
        this.with = with;
    }

    static Overhead ofFunctionSteps(int runs) {
        var output = StepOutput.of("done");
        return ofSteps("function", 5, runs, i -> Step.of("step-" + i, _ -> output));
    }

    static Overhead ofAgentSteps(int runs) {
        return ofSteps("agent", 30, runs, i -> Step.of("step-" + i, INSTANT));
    }

    /** @param each how many microseconds one more step may take */
    private static Overhead ofSteps(String kind, double each, int runs, IntFunction<Step> step) {
        return new Overhead(
                "workflow_of_" + (1 + MORE_STEPS) + "_steps/" + kind,
                MORE_STEPS * each,
                runs,
                workflow(1, step),
                workflow(1 + MORE_STEPS, step));
    }

    private static Workflow workflow(int count, IntFunction<Step> step) {
        var steps = IntStream.range(0, count).mapToObj(step).toArray(WorkflowStep[]::new);
        return Workflow.builder().name("Bench Workflow").steps(steps).build();
    }

    static Overhead ofDelegation(int runs) {
        return new Overhead("team_with_one_delegation", 100, runs, team(0), team(1));
    }

    private static Team team(int delegations) {
        var leader = new Models.Leader(
                "delegate_task_to_member", "{\"member_id\":\"instant\",\"task\":\"Go\"}", delegations);
        return Team.builder().name("Bench Team").model(leader).members(INSTANT).build();
    }

    @Override
    public String title() {
        return runs + " times " + what + ", with instant models and functions";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws InterruptedException, ExecutionException {
        var result = new CompletableFuture<Measured>();
        Thread.startVirtualThread(() -> {
            try {
                times(runs < 100 ? runs : WARM_UP);
                result.complete(times(runs));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        var measured = result.get();
        return List.of(
                row(measured, Statistic.P50, allowanceMicros),
                row(measured, Statistic.P99, allowanceMicros * P99_FACTOR));
    }

    private Row row(Measured measured, Statistic judged, double allowance) {
        return Row.above(FlowsGroup.NAME, what, "us", measured.with, measured.without, judged, allowance);
    }

    private Measured times(int count) {
        var measured = new Measured(new Samples(), new Samples());
        for (var i = 0; i < count; i++) {
            measured.without.add(micros(without));
            measured.with.add(micros(with));
        }
        return measured;
    }

    private static double micros(Component component) {
        var startedAt = System.nanoTime();
        var output = component.run("Go");
        var micros = (System.nanoTime() - startedAt) / 1e3;
        if (!output.isCompleted()) {
            throw new IllegalStateException("the run did not complete: " + output);
        }
        return micros;
    }
}
