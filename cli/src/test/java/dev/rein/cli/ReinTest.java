package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ReinTest {
    static List<List<String>> commands() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        var found = new ArrayList<List<String>>();
        collect(Rein.commandLine(nowhere, nowhere), List.of(), found);
        return found;
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> found) {
        found.add(path);
        line.getSubcommands().forEach((name, sub) -> {
            var longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, found);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithItsExitCodes(List<String> command) {
        var line = new ArrayList<>(command);
        line.add("--help");

        var result = Cli.run(line.toArray(String[]::new));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Usage: rein", "Exit codes:").containsPattern("\\R +2 +invalid usage\\R +");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void versionPrintsWhatABugReportNeeds() {
        var result = Cli.run("--version");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsPattern("^rein \\d+\\.\\d+\\.\\d+")
                .contains("Java " + Runtime.version(), "Jackson ", System.getProperty("os.arch"))
                .doesNotContain("${");
    }

    @Test
    void noCommandIsAUsageError() {
        var result = Cli.run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualToNormalizingNewlines("error: no command given\nTry: rein --help\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aMisspelledCommandIsAnsweredWithTheRightOne() {
        var result = Cli.run("demos");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'demos'", "Did you mean: rein demo?");
    }

    @Test
    void outputHasNoColourCodesWhenItIsPiped() {
        assertThat(Cli.run("--help").out()).doesNotContain("\u001b");
    }
}
