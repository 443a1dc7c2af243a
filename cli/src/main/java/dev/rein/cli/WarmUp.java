package dev.rein.cli;

import java.io.PrintWriter;
import java.io.Writer;

/** Loads the classes that short commands need, while the JVM records them; run once after a build by the start script. */
final class WarmUp {
    private WarmUp() {}

    public static void main(String... args) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        String[][] lines = {
            {"--version"},
            {"demo", "--help"},
            {"demo", "--cancel-after", "0.5"},
            {"demo", "workflow", "--cancel-after", "500ms", "--offline-pace", "500"},
            {"demo", "team", "--cancel-after", "500ms", "--offline-pace", "500"},
            {"demo", "agent", "--cancel-after", "100ms", "--offline-pace", "200"},
            {"demo", "--base-url", "http://127.0.0.1:1/v1", "--cancel-after", "1s"}
        };
        for (var line : lines) {
            Rein.commandLine(nowhere, nowhere).execute(line);
        }
    }
}
