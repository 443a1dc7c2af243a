package dev.rein.cli;

import dev.rein.cli.markdown.MarkdownText;
import dev.rein.print.RunPrinter;
import dev.rein.print.TerminalSize;
import java.time.Duration;
import picocli.CommandLine;

/** The printers of commands that show runs. On a terminal they render Markdown. */
public final class RunPrinters {
    private static final Duration TICK = Duration.ofMillis(120);

    private RunPrinters() {}

    /** Prints to standard output. */
    public static RunPrinter of(CommandLine line, boolean text) {
        return onTerminal(builder(line).text(text), line).build();
    }

    /** Prints to standard output; where that is no terminal, only text, and all else to standard error. */
    public static RunPrinter textApart(CommandLine line) {
        var builder = builder(line);
        return (Terminal.isTerminal() ? onTerminal(builder, line) : builder.notes(line.getErr())).build();
    }

    private static RunPrinter.Builder builder(CommandLine line) {
        return RunPrinter.builder(line.getOut()).charset(System.out.charset());
    }

    private static RunPrinter.Builder onTerminal(RunPrinter.Builder builder, CommandLine line) {
        if (!Terminal.isTerminal()) {
            return builder;
        }
        var colours = line.getColorScheme().ansi().enabled();
        return builder.terminal().colours(colours).layout(columns -> new MarkdownText(columns, colours));
    }

    /** The width of the terminal; 0 if standard output is none. */
    public static int columns() {
        return Terminal.isTerminal() ? TerminalSize.columns() : 0;
    }

    /** Keeps the times of a printer up to date until the returned thread is interrupted. */
    public static Thread tick(RunPrinter printer) {
        return Thread.ofVirtual().name("rein-status").start(() -> {
            try {
                while (true) {
                    Thread.sleep(TICK);
                    printer.tick();
                }
            } catch (InterruptedException e) {
                // The run has ended.
            }
        });
    }
}
