package dev.rein.cli;

import dev.rein.cli.client.CancelCommand;
import dev.rein.cli.client.PsCommand;
import dev.rein.cli.client.QueueCommand;
import dev.rein.cli.client.RunCommand;
import dev.rein.cli.client.TailCommand;
import dev.rein.cli.demo.DemoCommand;
import dev.rein.cli.serve.ServeCommand;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
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
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            PsCommand.class,
            QueueCommand.class,
            RunCommand.class,
            TailCommand.class,
            CancelCommand.class,
            ExampleCommand.class,
            BenchCommand.class,
            HelpCommand.class
        })
public final class Rein implements Runnable {
    private static final Map<String, String> EXIT_CODES = exitCodes();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Rein() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /**
     * Creates the command line.
     *
     * @param out receives results
     * @param err receives errors, one line each
     */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        var line = new CommandLine(new Rein())
                .setOut(out)
                .setErr(err)
                .setColorScheme(Terminal.colours())
                .setParameterExceptionHandler(Errors::ofUsage)
                .setExecutionExceptionHandler(Errors::ofCommand);
        document(line);
        return line;
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", "success");
        codes.put("1", "failure; the reason is on standard error");
        codes.put("2", "invalid usage");
        codes.put(String.valueOf(OutputClosedException.EXIT_CODE), "standard output was closed early");
        return codes;
    }

    /** Adds the common exit codes to those of each command. */
    private static void document(CommandLine line) {
        var message = line.getCommandSpec().usageMessage();
        var codes = new TreeMap<String, String>(Comparator.comparingInt(Integer::parseInt));
        codes.putAll(message.exitCodeList());
        codes.putAll(EXIT_CODES);
        message.exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
        line.getSubcommands().values().forEach(Rein::document);
    }

    public static void main(String... args) {
        var out = new PrintWriter(System.out, false, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        var exitCode = commandLine(out, err).execute(args);
        System.exit(out.checkError() && exitCode == 0 ? OutputClosedException.EXIT_CODE : exitCode);
    }
}
