package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleCommandTest {
    private static final Path SOURCES = Path.of("..", "examples", "src", "main", "java", "dev", "rein", "examples");

    @Test
    void withoutANameItListsEveryExample() throws IOException {
        try (var sources = Files.list(SOURCES)) {
            var examples = sources.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name ->
                            !List.of("package-info", "ExampleModel", "Outcome").contains(name))
                    .sorted()
                    .toList();

            assertThat(Cli.run("example").out().lines()).containsExactlyElementsOf(examples);
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheCommandThatListsTheExamples() {
        var result = Cli.run("example", "Nonsense");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("error: unknown example 'Nonsense'").contains("'rein example' lists");
    }

    @Test
    void anExampleRunsWithItsArguments(@TempDir Path scratch) throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.text("Once upon a time"))) {
            var command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-classpath",
                    System.getProperty("java.class.path"),
                    Rein.class.getName(),
                    "example",
                    "StreamAgent",
                    "tiny");
            try (var child = ReinProcess.start(scratch, scratch, Map.of("OPENAI_BASE_URL", provider.baseUrl()), command)
                    .await()) {
                assertThat(child.exitCode()).isZero();
                assertThat(child.out()).contains("Once upon a time");
            }
            assertThat(provider.awaitRequest(1).request().body().path("model").asText())
                    .isEqualTo("tiny");
        }
    }
}
