package dev.rein.cli.demo;

import dev.rein.cli.RunPrinters;
import dev.rein.cli.TextTable;
import dev.rein.print.RunPrinter;
import dev.rein.print.TextWidth;
import dev.rein.text.PlainText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Prints the output of demos around their runs: headings, facts in two columns, a table. Used by one thread. */
final class DemoPrinter {
    private static final int FACT_WIDTH = 20;

    private final CommandLine line;
    private final PrintWriter out;
    private final Ansi ansi;

    DemoPrinter(CommandLine line) {
        this.line = line;
        this.out = line.getOut();
        this.ansi = line.getColorScheme().ansi();
    }

    /**
     * Returns what prints a run between the lines of this one.
     *
     * @param text whether the text of the run is printed
     */
    RunPrinter ofRun(boolean text) {
        return RunPrinters.of(line, text);
    }

    void line(String text) {
        wrapped(PlainText.line(text)).forEach(out::println);
        out.flush();
    }

    private static List<String> wrapped(String line) {
        var columns = RunPrinters.columns();
        return columns == 0 ? List.of(line) : TextWidth.wrap(line, columns - 1);
    }

    void heading(String text) {
        out.println();
        out.println(styled(PlainText.line(text), Style.bold));
        out.flush();
    }

    /** Prints an action of the program. */
    void note(String text) {
        wrapped("> " + PlainText.line(text)).forEach(row -> out.println(styled(row, Style.fg_cyan)));
        out.flush();
    }

    void fact(String name, String value) {
        out.println(styled(pad(PlainText.line(name), FACT_WIDTH), Style.faint) + PlainText.line(value));
        out.flush();
    }

    /** Prints a fact, cut to one row of a terminal. */
    void shortFact(String name, String value) {
        var columns = RunPrinters.columns();
        fact(name, columns == 0 ? value : TextWidth.cut(PlainText.line(value), columns - FACT_WIDTH - 1));
    }

    /** @param rows the rows, the first being the heading; all have the same number of cells */
    void table(List<List<String>> rows) {
        TextTable.print(rows, out, ansi);
    }

    private String styled(String text, IStyle style) {
        return ansi.enabled() ? style.on() + text + Style.reset.on() : text;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
