package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about the configuration names every variable of the environment that is read. */
class ConfigurationReferenceTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern VARIABLE = Pattern.compile(
            "\"((?:REIN|OPENAI|ANTHROPIC|GEMINI|GOOGLE|OLLAMA|OS|JWT)_[A-Z0-9_]+|NO_COLOR|COLUMNS|TERM)\"");
    private static final Pattern DOCUMENTED = Pattern.compile("`([A-Z][A-Z0-9_]+)`");

    @Test
    void itNamesTheVariablesThatTheSourcesRead() throws IOException {
        var read = new TreeSet<String>();
        for (var source : sources()) {
            VARIABLE.matcher(Files.readString(source)).results().forEach(found -> read.add(found.group(1)));
        }
        var documented = DOCUMENTED
                .matcher(Files.readString(ROOT.resolve("docs/configuration.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(read).hasSizeGreaterThan(15);
        assertThat(documented).containsAll(read);
        documented.removeIf(name -> name.endsWith("_PROXY"));
        assertThat(read).containsAll(documented);
    }

    private static List<Path> sources() throws IOException {
        try (var modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .filter(folder -> !folder.startsWith(ROOT.resolve("bench")))
                    .flatMap(ConfigurationReferenceTest::files)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static Stream<Path> files(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
