package dev.rein.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rein.runtime.CancelHook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What code of users adds to a run has a bound. */
class RunOutcomeTest {
    private final RunOutcome outcome = new RunOutcome(true);

    @Test
    void eachConflictIsListedOnce() {
        outcome.conflicts(List.of("a", "b"));
        outcome.conflicts(List.of("b"));
        assertThat(outcome.conflicts()).containsExactly("a", "b");
    }

    @Test
    void beyondTheBoundConflictsAreCounted() {
        for (var n = 0; n < RunOutcome.MAX_CONFLICTS + 3; n++) {
            outcome.conflicts(List.of("conflict " + n));
        }
        assertThat(outcome.conflicts()).hasSize(RunOutcome.MAX_CONFLICTS + 1).endsWith("and 3 more");
    }

    @Test
    void listenersOfTheEndHaveABound() {
        for (var n = 0; n < 10_000; n++) {
            assertThat(outcome.onEnd(() -> {})).isTrue();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> outcome.onEnd(() -> {}))
                .withMessageContaining("10000 listeners");
    }

    @Test
    void cleanupsHaveABound() {
        var hooks = new ArrayList<CancelHook>();
        for (var n = 0; n < 10_000; n++) {
            CancelHooks.add((_, _) -> {}, hooks);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> CancelHooks.add((_, _) -> {}, hooks))
                .withMessageContaining("10000 cleanups");
    }
}
