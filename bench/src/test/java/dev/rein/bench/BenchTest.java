package dev.rein.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void kernelIsAGroup() {
        assertThat(Bench.groups()).contains("kernel");
    }

    @Test
    void anUnknownGroupIsRefusedWithTheNamesOfThoseThereAre() {
        assertThat(Bench.run("kernels", true, null, out)).isEqualTo(2);
        assertThat(said()).contains("\"kernels\"", "[kernel, flows, store, crash, os, models, tools, walk]");
    }

    @Test
    void argumentsThatAreNotUnderstoodAreNamed() {
        assertThat(Bench.run(List.of("kernel", "--fast"), out)).isEqualTo(2);
        assertThat(said()).contains("--fast", "usage: bench GROUP");
    }

    @Test
    void aMissingGroupIsAskedFor() {
        assertThat(Bench.run(List.of("--quick"), out)).isEqualTo(2);
        assertThat(said()).contains("needs a group", "[kernel, flows, store, crash, os, models, tools, walk]");
    }

    @Test
    void aMissingFileIsNotTakenFromTheNextOption() {
        assertThat(Bench.run(List.of("kernel", "--json"), out)).isEqualTo(2);
        assertThat(said()).contains("--json");
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
