package dev.rein.cli;

import java.io.Console;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Whether a person looks at the output. */
final class Terminal {
    private Terminal() {}

    /** Colours on a terminal, none when piped or when {@code NO_COLOR} is set. */
    static ColorScheme colours() {
        var colour = System.console() instanceof Console console
                && console.isTerminal()
                && System.getenv("NO_COLOR") == null;
        return Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF);
    }
}
