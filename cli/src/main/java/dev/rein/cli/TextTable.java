package dev.rein.cli;

import dev.rein.text.PlainText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Prints tables with columns as wide as their widest cell; long cells are truncated. */
public final class TextTable {
    private static final int MAX_CELL = 60;
    private static final int GAP = 2;

    private TextTable() {}

    /** @param rows the rows, the first being the heading; all have the same number of cells */
    public static void print(List<List<String>> rows, PrintWriter out, Ansi ansi) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (var i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], cell(row.get(i)).length());
            }
        }
        for (var r = 0; r < rows.size(); r++) {
            var line = new StringBuilder();
            for (var i = 0; i < widths.length; i++) {
                var cell = cell(rows.get(r).get(i));
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + GAP));
            }
            var text = line.toString().stripTrailing();
            out.println(r == 0 && ansi.enabled() ? Style.bold.on() + text + Style.reset.on() : text);
        }
        out.flush();
    }

    private static String cell(String text) {
        var line = PlainText.line(text);
        return line.length() <= MAX_CELL ? line : line.substring(0, MAX_CELL - 3) + "...";
    }
}
