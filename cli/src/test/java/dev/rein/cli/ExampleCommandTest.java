package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleCommandTest {
    private static final Path SOURCES = Path.of("..", "examples", "src", "main", "java", "dev", "rein", "examples");

    /** The documentation of an example, without the arguments that it takes. */
    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/\\s*public final class", Pattern.DOTALL);

    @Test
    void withoutANameItListsEveryExampleWithTheFirstSentenceOfItsDocumentation() throws IOException {
        try (var sources = Files.list(SOURCES)) {
            var examples = new ArrayList<String>();
            for (var source : sources.sorted().toList()) {
                var name = source.getFileName().toString().replace(".java", "");
                if (!List.of("package-info", "ExampleModel", "Outcome").contains(name)) {
                    examples.add(name + " " + firstSentence(Files.readString(source)));
                }
            }

            assertThat(Cli.run("example").out().lines().map(line -> line.replaceFirst(" +", " ")))
                    .as("each example has a line in examples.txt of the command")
                    .containsExactlyElementsOf(examples);
        }
    }

    private static String firstSentence(String source) {
        var javadoc = JAVADOC.matcher(source);
        assertThat(javadoc.find()).isTrue();
        return javadoc.group(1)
                .replaceAll("\\s*\n\\s*\\*\\s?", " ")
                .replaceAll(":? \\{@code \\[[^}]*\\}", "")
                .replaceAll("\\{@\\w+ ([^}]*)\\}", "$1")
                .strip()
                .split("\\.( |$)")[0];
    }

    @Test
    void anUnknownNameIsAnsweredWithTheCommandThatListsTheExamples() {
        var result = Cli.run("example", "Nonsense");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("error: unknown example 'Nonsense'").contains("'rein example' lists");
    }

    private static ReinProcess example(Path scratch, Map<String, String> environment, String... arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Rein.class.getName(),
                "example"));
        command.addAll(List.of(arguments));
        return ReinProcess.start(scratch, scratch, environment, command).await();
    }

    @Test
    void anExampleRunsWithItsArguments(@TempDir Path scratch) throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.text("Once upon a time"))) {
            try (var child = example(scratch, Map.of("OPENAI_BASE_URL", provider.baseUrl()), "StreamAgent", "tiny")) {
                assertThat(child.exitCode()).isZero();
                assertThat(child.out()).contains("Once upon a time");
            }
            assertThat(provider.awaitRequest(1).request().body().path("model").asText())
                    .isEqualTo("tiny");
        }
    }

    @Test
    void anExampleWhoseRunFailsExitsWithOne(@TempDir Path scratch) throws Exception {
        try (var provider = FakeProvider.start().byDefault(Script.status(401, "no such key"));
                var child = example(scratch, Map.of("OPENAI_BASE_URL", provider.baseUrl()), "StreamAgent", "tiny")) {
            assertThat(child.out()).contains("failed: ");
            assertThat(child.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void offlineTheBuiltInModelAnswers(@TempDir Path scratch) throws Exception {
        try (var child = example(scratch, Map.of(), "ToolsAgent", "--offline")) {
            assertThat(child.out()).contains("called ", "COMPLETED: I called ");
            assertThat(child.exitCode()).isZero();
        }
        assertThat(Cli.run("example", "OllamaAgent", "--offline"))
                .returns(2, Cli::exitCode)
                .extracting(Cli::err)
                .asString()
                .contains("OllamaAgent needs its provider");
    }
}
