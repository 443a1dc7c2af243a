package dev.rein.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command line that was executed in this process.
 *
 * @param exitCode its exit code
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record Cli(int exitCode, String out, String err) {
    public static Cli run(String... args) {
        return run(new StringWriter(), args);
    }

    /** @param out takes the standard output, for a test that looks at it meanwhile */
    public static Cli run(StringWriter out, String... args) {
        var err = new StringWriter();
        var exitCode =
                Rein.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(args);
        return new Cli(exitCode, out.toString(), err.toString());
    }
}
