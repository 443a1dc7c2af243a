package dev.rein.cli.demo;

import dev.rein.cli.TextTable;
import dev.rein.text.PlainText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Prints the output of demos: headings, streamed text, facts in two columns, a table. Used by one thread. */
final class DemoPrinter {
    private static final int FACT_WIDTH = 20;

    private final PrintWriter out;
    private final Ansi ansi;
    private boolean midLine;

    DemoPrinter(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void line(String text) {
        endLine();
        out.println(PlainText.line(text));
        out.flush();
    }

    void heading(String text) {
        endLine();
        out.println();
        out.println(styled(PlainText.line(text), Style.bold));
        out.flush();
    }

    /** Prints an action of the program between the model's text. */
    void note(String text) {
        endLine();
        out.println(styled("> " + PlainText.line(text), Style.fg_cyan));
        out.flush();
    }

    /** Prints more of the model's text, without a line break. */
    void content(String text) {
        if (!text.isEmpty()) {
            out.print(PlainText.of(text));
            out.flush();
            midLine = !text.endsWith("\n");
        }
    }

    void fact(String name, String value) {
        endLine();
        out.println(styled(pad(PlainText.line(name), FACT_WIDTH), Style.faint) + PlainText.line(value));
        out.flush();
    }

    /** @param rows the rows, the first being the heading; all have the same number of cells */
    void table(List<List<String>> rows) {
        endLine();
        TextTable.print(rows, out, ansi);
    }

    private void endLine() {
        if (midLine) {
            out.println();
            midLine = false;
        }
    }

    private String styled(String text, IStyle style) {
        return ansi.enabled() ? style.on() + text + Style.reset.on() : text;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
