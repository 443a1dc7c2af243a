package dev.rein.cli.markdown;

import dev.rein.print.TextWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.node.Node;

/** Tables: columns as wide as their content, or as there is room; text in cells is wrapped. */
final class Tables {
    private static final int MIN_CELL = 4;
    private static final String SEPARATOR = " │ ";

    private record Line(List<StyledText> cells, boolean isHead) {}

    private Tables() {}

    static List<String> rows(TableBlock table, int columns, boolean colours) {
        var lines = new ArrayList<Line>();
        for (var part = table.getFirstChild(); part != null; part = part.getNext()) {
            for (var row = part.getFirstChild(); row != null; row = row.getNext()) {
                lines.add(new Line(cells(row, part instanceof TableHead), part instanceof TableHead));
            }
        }
        var widths = widths(lines, columns);
        var rows = new ArrayList<String>();
        for (var line : lines) {
            add(line, widths, colours, rows);
            if (line.isHead) {
                rows.add(String.join(
                        "─┼─", Arrays.stream(widths).mapToObj("─"::repeat).toList()));
            }
        }
        return rows;
    }

    private static List<StyledText> cells(Node row, boolean isHead) {
        var cells = new ArrayList<StyledText>();
        for (var cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
            cells.add(isHead ? Inlines.heading(cell) : Inlines.of(cell, ""));
        }
        return cells;
    }

    private static int[] widths(List<Line> lines, int columns) {
        var count = lines.stream().mapToInt(line -> line.cells.size()).max().orElse(0);
        var widths = new int[count];
        for (var line : lines) {
            for (var i = 0; i < line.cells.size(); i++) {
                widths[i] = Math.max(widths[i], Math.max(line.cells.get(i).width(), 1));
            }
        }
        var room = columns - SEPARATOR.length() * (count - 1);
        // The widest column gives way first.
        for (var over = Arrays.stream(widths).sum() - room; over > 0; over--) {
            var widest = 0;
            for (var i = 1; i < count; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= MIN_CELL) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static void add(Line line, int[] widths, boolean colours, List<String> rows) {
        var cells = new ArrayList<List<String>>();
        var plain = new ArrayList<List<String>>();
        var height = 1;
        for (var i = 0; i < widths.length; i++) {
            var cell = i < line.cells.size() ? line.cells.get(i) : new StyledText();
            cells.add(cell.rows(widths[i], colours));
            plain.add(cell.rows(widths[i], false));
            height = Math.max(height, cells.getLast().size());
        }
        for (var row = 0; row < height; row++) {
            var parts = new ArrayList<String>();
            for (var i = 0; i < widths.length; i++) {
                var has = row < cells.get(i).size();
                var width = has ? TextWidth.of(plain.get(i).get(row)) : 0;
                parts.add((has ? cells.get(i).get(row) : "") + " ".repeat(Math.max(widths[i] - width, 0)));
            }
            rows.add(String.join(SEPARATOR, parts).stripTrailing());
        }
    }
}
