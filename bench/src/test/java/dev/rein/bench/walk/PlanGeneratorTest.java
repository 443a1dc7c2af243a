package dev.rein.bench.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanGeneratorTest {
    private static final int SEEDS = 3_000;

    @Test
    void aSeedGivesTheSamePlanEachTime() {
        for (var seed = 0L; seed < 100; seed++) {
            assertThat(PlanGenerator.plan(seed)).isEqualTo(PlanGenerator.plan(seed));
        }
    }

    @Test
    void seedsThatFollowEachOtherGiveDifferentPlans() {
        assertThat(LongStream.range(0, 100)
                        .mapToObj(PlanGenerator::plan)
                        .map(Plan::root)
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThan(80);
    }

    @Test
    void noResponseTakesAsLongAsACaseThatHangs() {
        var longest = LongStream.range(0, SEEDS)
                .mapToObj(PlanGenerator::plan)
                .flatMap(plan -> turns(plan.root()))
                .mapToLong(turn -> (long) turn.pauseMicros() * turn.chunks().size())
                .max()
                .orElseThrow();

        assertThat(longest).isLessThan(CaseRun.PATIENCE.toNanos() / 1_000 / 100);
    }

    @Test
    void everyBehaviourThatIsNotSwitchedOffComesUp() {
        var all = LongStream.range(0, SEEDS)
                .mapToObj(PlanGenerator::plan)
                .map(PlanText::of)
                .collect(Collectors.joining());

        assertThat(Arrays.stream(Act.Kind.values())
                        .filter(kind -> !ActGenerator.SWITCHED_OFF.contains(kind))
                        .map(Act.Kind::name))
                .allSatisfy(kind -> assertThat(all).containsPattern("\\b" + kind + "\\b"));
        assertThat(all).contains("COORDINATE", "ROUTE", "BROADCAST", "TASKS", "PARALLEL", "LOOP", "CONDITION");
    }

    /** The responses of the models of an agent or a team; none of a workflow's. */
    private static Stream<Node.Turn> turns(Node node) {
        return switch (node) {
            case Node.AgentNode agent -> agent.worker().turns().stream();
            case Node.TeamNode team ->
                Stream.concat(
                        team.leader().turns().stream(), team.members().stream().flatMap(PlanGeneratorTest::turns));
            case Node.WorkflowNode _ -> Stream.of();
        };
    }
}
