package dev.rein.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Detects whether the output is a terminal. */
final class Terminal {
    private Terminal() {}

    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                && !"dumb".equals(System.getenv("TERM"));
    }

    /** Colours on a terminal; none if the output is piped or {@code NO_COLOR} is set. */
    static ColorScheme colours() {
        var colour = isTerminal() && System.getenv("NO_COLOR") == null;
        return Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF);
    }
}
