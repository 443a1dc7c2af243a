package dev.rein.cli;

import dev.rein.text.PlainText;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports failures as one line on standard error, never as a stack trace. */
public final class Errors {
    private static final int MAX_LENGTH = 500;

    private Errors() {}

    static int ofUsage(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        print(command, messageOf(e));
        if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    static int ofCommand(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof OutputClosedException) {
            return OutputClosedException.EXIT_CODE;
        }
        print(command, messageOf(e));
        return ExitCode.SOFTWARE;
    }

    private static String messageOf(Exception e) {
        return PlainText.message(e);
    }

    /** Prints {@code message} as one line, cut to a readable length. */
    public static void print(CommandLine command, String message) {
        var line = PlainText.line(message.strip());
        var shown = line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
        var label = command.getColorScheme().ansi().enabled()
                ? Style.on(Style.fg_red) + "error:" + Style.reset.on()
                : "error:";
        command.getErr().println(label + " " + shown);
        command.getErr().flush();
    }
}
