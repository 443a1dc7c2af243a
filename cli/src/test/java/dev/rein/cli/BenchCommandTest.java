package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.bench.Bench;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    @Test
    void withoutAGroupItListsThem() {
        var result = Cli.run("bench");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).containsExactlyElementsOf(Bench.groups());
    }

    @Test
    void anUnknownGroupIsAnsweredWithTheGroups() {
        var result = Cli.run("bench", "nonsense", "--quick");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error: unknown group 'nonsense'")
                .contains(Bench.groups().getFirst());
    }
}
