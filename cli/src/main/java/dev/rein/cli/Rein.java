package dev.rein.cli;

import dev.rein.cli.demo.DemoCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main class: {@code rein COMMAND}. */
@Command(
        name = "rein",
        description = "Agents for Java that stop when you tell them to.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {DemoCommand.class, HelpCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it worked", "1:it failed; the reason is on standard error", "2:it was called wrongly"})
public final class Rein implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Rein() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /**
     * The command line, ready to execute.
     *
     * @param out where results go
     * @param err where errors go, one line each
     */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Rein())
                .setOut(out)
                .setErr(err)
                .setColorScheme(Terminal.colours())
                .setParameterExceptionHandler(Errors::ofUsage)
                .setExecutionExceptionHandler(Errors::ofCommand);
    }

    public static void main(String... args) {
        var out = new PrintWriter(System.out, false, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        var exitCode = commandLine(out, err).execute(args);
        out.flush();
        System.exit(exitCode);
    }
}
