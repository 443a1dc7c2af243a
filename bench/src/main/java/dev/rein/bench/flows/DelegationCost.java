package dev.rein.bench.flows;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.team.Team;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** What one delegation costs: a team whose leader delegates once beside one whose leader answers at once, in turns. */
final class DelegationCost implements Measurement {
    private static final double GOAL_MICROS = 100;
    private static final int WARM_UP = 20_000;

    private final int runs;
    private final Team delegating = team(new Leader(1));
    private final Team alone = team(new Leader(0));

    DelegationCost(int runs) {
        this.runs = runs;
    }

    /** Delegates so often, then answers. */
    private record Leader(int delegations) implements Model {
        @Override
        public String id() {
            return "leader";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            var results = request.messages().stream()
                    .filter(message -> message.role() == Role.TOOL)
                    .count();
            return results < delegations
                    ? ModelResponse.of(List.of(new ToolCall(
                            "call-" + results,
                            "delegate_task_to_member",
                            "{\"member_id\":\"instant\",\"task\":\"Go\"}")))
                    : ModelResponse.of("Done.");
        }
    }

    private static Team team(Model leader) {
        var member = Agent.builder().name("Instant").model(new Models.Instant()).build();
        return Team.builder().name("Bench Team").model(leader).members(member).build();
    }

    @Override
    public String title() {
        return runs + " delegations with instant models";
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
                FlowsGroup.NAME, "one_delegation", "us", result.get(), null, Statistic.P50, GOAL_MICROS));
    }

    private Samples times(int count) {
        var samples = new Samples();
        for (var i = 0; i < count; i++) {
            var without = micros(alone);
            samples.add(micros(delegating) - without);
        }
        return samples;
    }

    private static double micros(Team team) {
        var startedAt = System.nanoTime();
        var output = team.run("Go");
        var micros = (System.nanoTime() - startedAt) / 1e3;
        if (!output.isCompleted()) {
            throw new IllegalStateException("the team did not complete: " + output);
        }
        return micros;
    }
}
