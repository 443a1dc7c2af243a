package dev.rein.bench.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
}
