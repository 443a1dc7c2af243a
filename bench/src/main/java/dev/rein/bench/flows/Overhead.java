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

/** What one more of something costs: a run with some more of it beside a run without them, in turns. */
final class Overhead implements Measurement {
    private static final int MORE_STEPS = 50;
    private static final int WARM_UP = 3_000;

    private static final Agent INSTANT =
            Agent.builder().name("Instant").model(new Models.Instant()).build();

    private final String what;
    private final double goalMicros;
    private final int runs;
    private final Component without;
    private final Component with;
    private final int more;

    private Overhead(String what, double goalMicros, int runs, Component without, Component with, int more) {
        this.what = what;
        this.goalMicros = goalMicros;
        this.runs = runs;
        this.without = without;
        this.with = with;
        this.more = more;
    }

    static Overhead ofFunctionStep(int runs) {
        var output = StepOutput.of("done");
        return ofStep("function", 5, runs, i -> Step.of("step-" + i, _ -> output));
    }

    static Overhead ofAgentStep(int runs) {
        return ofStep("agent", 30, runs, i -> Step.of("step-" + i, INSTANT));
    }

    private static Overhead ofStep(String kind, double goal, int runs, IntFunction<Step> step) {
        return new Overhead(
                "one_more_step/" + kind, goal, runs, workflow(1, step), workflow(1 + MORE_STEPS, step), MORE_STEPS);
    }

    private static Workflow workflow(int count, IntFunction<Step> step) {
        var steps = IntStream.range(0, count).mapToObj(step).toArray(WorkflowStep[]::new);
        return Workflow.builder().name("Bench Workflow").steps(steps).build();
    }

    static Overhead ofDelegation(int runs) {
        return new Overhead("one_delegation", 100, runs, team(0), team(1), 1);
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
        var result = new CompletableFuture<Samples>();
        Thread.startVirtualThread(() -> {
            try {
                times(runs < 100 ? runs : WARM_UP);
                result.complete(times(runs));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return List.of(Row.of(FlowsGroup.NAME, what, "us", result.get(), null, Statistic.P50, goalMicros));
    }

    private Samples times(int count) {
        var samples = new Samples();
        for (var i = 0; i < count; i++) {
            var less = micros(without);
            samples.add((micros(with) - less) / more);
        }
        return samples;
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
