package dev.rein.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
    private static final Row REACHED =
            Row.of("g", "stop", "ms", Samples.of(1, 2, 3, 4), Samples.of(0.5, 0.6), Statistic.P50, 2.0);
    private static final Row MISSED = Row.of("g", "slow", "us", Samples.of(1, 200), null, Statistic.P99, 100.0);
    private static final Row WITHOUT_GOAL = Row.of("g", "long_name", "KiB", Samples.of(7), null, Statistic.MAX, null);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    /** Measurements in their order. */
    private record Given(List<Measurement> measurements) implements Group {
        @Override
        public String name() {
            return "g";
        }

        @Override
        public void close() {}
    }

    @FunctionalInterface
    private interface Code {
        List<Row> measure(Consumer<String> notes) throws Exception;
    }

    private static Measurement measurement(String title, Code code) {
        return new Measurement() {
            @Override
            public String title() {
                return title;
            }

            @Override
            public List<Row> measure(Consumer<String> notes) throws Exception {
                return code.measure(notes);
            }
        };
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void theJsonHasExactlyTheAgreedKeys() throws IOException {
        var json = folder.resolve("new/rows.json");
        var code = new Runner(out).run(group(measurement("all", _ -> List.of(REACHED, MISSED, WITHOUT_GOAL))), json);

        assertThat(code).isZero();
        var rows = new ObjectMapper().readTree(Files.readString(json));
        assertThat(rows).hasSize(3);
        for (var row : rows) {
            assertThat(row.fieldNames())
                    .toIterable()
                    .containsExactly("group", "name", "unit", "n", "p50", "p95", "p99", "max", "floor", "goal");
        }
        assertThat(rows.get(0).toString())
                .isEqualTo("{\"group\":\"g\",\"name\":\"stop (p50)\",\"unit\":\"ms\",\"n\":4,\"p50\":2.0,\"p95\":4.0,"
                        + "\"p99\":4.0,\"max\":4.0,\"floor\":0.5,\"goal\":2.0}");
        assertThat(rows.get(2).get("floor").isNull()).isTrue();
        assertThat(rows.get(2).get("goal").isNull()).isTrue();
    }

    @Test
    void theTableSaysWhichGoalsWereReached() {
        var code = new Runner(out).run(group(measurement("all", _ -> List.of(REACHED, MISSED, WITHOUT_GOAL))), null);

        assertThat(code).isZero();
        assertThat(line("stop (p50)").split(" +"))
                .containsExactly("stop", "(p50)", "ms", "4", "2", "4", "4", "4", "0.500", "2", "ok");
        assertThat(line("slow")).endsWith("100  goal missed");
        assertThat(line("long_name (max)")).endsWith("-     -");
        assertThat(said()).contains("1 of 2 goals reached, 1 missed");
    }

    @Test
    void theColumnsOfTheTableAreAligned() {
        new Runner(out).run(group(measurement("all", _ -> List.of(REACHED, MISSED, WITHOUT_GOAL))), null);

        var ends = List.of(line("name  "), line("stop"), line("slow"), line("long_name")).stream()
                .map(line -> endOf(line, 3))
                .distinct();
        assertThat(ends).hasSize(1);
    }

    @Test
    void theMachineAndTheProgressAreShown() {
        new Runner(out)
                .run(group(measurement("first", _ -> List.of(REACHED)), measurement("second", _ -> List.of())), null);

        assertThat(said())
                .contains(Runtime.getRuntime().availableProcessors() + " cores")
                .contains(System.getProperty("java.runtime.version"))
                .contains("[1/2] first ... ", "[2/2] second ... ");
    }

    @Test
    void aMeasurementThatFailsIsNamedAndTheOthersAreMade() {
        var code = new Runner(out)
                .run(
                        group(
                                measurement("broken", _ -> {
                                    throw new IOException("no server");
                                }),
                                measurement("sound", notes -> {
                                    notes.accept("the limit is low");
                                    return List.of(REACHED);
                                })),
                        null);

        assertThat(code).isEqualTo(1);
        assertThat(said())
                .contains("failed: broken: java.io.IOException: no server")
                .contains("note: the limit is low")
                .contains("1 of 1 goals reached");
    }

    @Test
    void anInterruptEndsTheMeasuringAndIsKept() {
        var code = new Runner(out)
                .run(
                        group(
                                measurement("interrupted", _ -> {
                                    throw new InterruptedException();
                                }),
                                measurement("never made", _ -> List.of(REACHED))),
                        null);

        assertThat(code).isEqualTo(1);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(said()).doesNotContain("never made");
    }

    @Test
    void aFileThatCantBeWrittenIsAFailure() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");
        var code = new Runner(out).run(group(measurement("all", _ -> List.of(REACHED))), file.resolve("rows.json"));

        assertThat(code).isEqualTo(1);
        assertThat(said()).contains("failed: can't write");
    }

    @Test
    void numbersKeepThreeDigitsThatCount() {
        assertThat(List.of(Table.number(0.0314), Table.number(3.14159), Table.number(31.4159), Table.number(3141.59)))
                .containsExactly("0.031", "3.14", "31.4", "3142");
        assertThat(Table.number(12.0)).isEqualTo("12");
        assertThat(Table.number(null)).isEqualTo("-");
    }

    private static Group group(Measurement... measurements) {
        return new Given(Arrays.asList(measurements));
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private String line(String start) {
        return said().lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** Where the n-th column from the left ends; the name is one that may have a space. */
    private static int endOf(String line, int column) {
        var parts = line.split("(?<= {2})(?=\\S)|(?<=\\S)(?= {2})");
        var end = 0;
        for (var i = 0; i < column * 2 - 1; i++) {
            end += parts[i].length();
        }
        return end;
    }
}
