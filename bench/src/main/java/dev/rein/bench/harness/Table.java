package dev.rein.bench.harness;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows as aligned text. */
final class Table {
    private static final List<String> HEAD =
            List.of("name", "unit", "n", "p50", "p95", "p99", "max", "floor", "goal", "");

    private Table() {}

    static void print(List<Row> rows, PrintStream out) {
        var lines = new ArrayList<List<String>>();
        lines.add(HEAD);
        rows.forEach(row -> lines.add(cells(row)));
        var widths = new int[HEAD.size()];
        for (var line : lines) {
            for (var column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (var line : lines) {
            var text = new StringBuilder();
            for (var column = 0; column < widths.length; column++) {
                var isText = column < 2 || column == widths.length - 1;
                text.append(String.format(
                                Locale.ROOT,
                                isText ? "%-" + width(widths[column]) + "s" : "%" + width(widths[column]) + "s",
                                line.get(column)))
                        .append("  ");
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static int width(int longest) {
        return Math.max(1, longest);
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.name(),
                row.unit(),
                Long.toString(row.n()),
                number(row.p50()),
                number(row.p95()),
                number(row.p99()),
                number(row.max()),
                number(row.floor()),
                number(row.goal()),
                row.goal() == null ? "" : row.missed() ? "goal missed" : "ok");
    }

    /** Three digits that count, and never fewer than the whole number has. */
    static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        var size = Math.abs(value);
        var digits = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
