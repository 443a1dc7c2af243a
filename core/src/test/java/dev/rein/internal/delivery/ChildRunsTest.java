package dev.rein.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChildRunsTest {
    private final ChildRuns root = new ChildRuns(null);
    private final ChildRuns team = new ChildRuns(root);
    private final ChildRuns member = new ChildRuns(team);

    @Test
    void aRunKnowsItsDescendantsAlsoWhenTheyHaveEnded() {
        member.addAbove("member");
        new ChildRuns(member).addAbove("deep");
        assertThat(team.contains("member")).isTrue();
        assertThat(team.contains("deep")).isTrue();
        assertThat(member.contains("deep")).isTrue();
        assertThat(member.contains("member")).isFalse();
        new ChildRuns(member).endAbove("deep");
        member.endAbove("member");
        assertThat(team.contains("deep")).isTrue();
        assertThat(team.contains("member")).isTrue();
    }

    @Test
    void endedDescendantsAreForgottenInTheOrderOfTheirEndsBeyondTheBound() {
        member.addAbove("live");
        for (var n = 0; n <= 2 * ChildRuns.MAX_ENDED; n++) {
            member.addAbove("run " + n);
            member.endAbove("run " + n);
        }
        assertThat(team.size()).isEqualTo(ChildRuns.MAX_ENDED + 1);
        assertThat(team.contains("live")).isTrue();
        assertThat(team.contains("run " + ChildRuns.MAX_ENDED)).isFalse();
        assertThat(team.contains("run " + (ChildRuns.MAX_ENDED + 1))).isTrue();
        assertThat(root.size()).as("it covers all runs").isZero();
    }
}
