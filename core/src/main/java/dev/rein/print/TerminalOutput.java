package dev.rein.print;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints to a terminal. The last rows, those that may still change, are erased and printed anew with each change: the unfinished
 * rows of the text or a line that may be continued, and the status below them. Everything above is final and belongs to the
 * terminal.
 */
final class TerminalOutput implements Output {
    private static final String ERASE_BELOW = "\u001b[J";
    /** Rows that are too long, as after a change of the window's size, are cut off and not continued in the next row. */
    private static final String WRAP_OFF = "\u001b[?7l";

    private static final String WRAP_ON = "\u001b[?7h";

    /** Longer lines are hard to read, however wide the terminal is. */
    private static final int MAX_TEXT = 100;

    private static final int MIN_TEXT = 20;
    private static final int MAX_PENDING = 8;

    private final PrintWriter out;
    private final IntSupplier width;
    private final boolean colours;
    private final IntFunction<TextLayout> layouts;

    private @Nullable TextLayout layout;
    private int textIndent;
    private String openLine = "";
    private String status = "";
    private int changing;
    private boolean printed;
    private boolean emptyLine;

    TerminalOutput(PrintWriter out, IntSupplier width, boolean colours, IntFunction<TextLayout> layouts) {
        this.out = out;
        this.width = width;
        this.colours = colours;
        this.layouts = layouts;
    }

    @Override
    public void line(int indent, Style style, String line) {
        endText();
        var rows = new ArrayList<String>();
        for (var row : TextWidth.wrap(line, columns(indent))) {
            rows.add(" ".repeat(indent) + style.on(row, colours));
        }
        show(withOpenLine(rows));
    }

    @Override
    public void heading(int indent, Style style, String name, String detail) {
        endText();
        var columns = columns(indent);
        var shownName = TextWidth.cut(name, columns);
        var left = columns - TextWidth.of(shownName) - 2;
        var row = " ".repeat(indent) + style.on(shownName, colours);
        show(withOpenLine(List.of(
                detail.isEmpty() || left < MIN_TEXT
                        ? row
                        : row + "  " + Style.NOTE.on(TextWidth.cut(detail, left), colours))));
    }

    @Override
    public void gap() {
        endText();
        if (!openLine.isEmpty()) {
            show(withOpenLine(List.of()));
        }
        if (printed && !emptyLine) {
            show(List.of(""));
        }
    }

    private List<String> withOpenLine(List<String> rows) {
        if (openLine.isEmpty()) {
            return rows;
        }
        var all = new ArrayList<String>();
        all.add(openLine);
        all.addAll(rows);
        openLine = "";
        return all;
    }

    @Override
    public void open(int indent, Style style, String line) {
        endText();
        var finished = withOpenLine(List.of());
        openLine = " ".repeat(indent) + style.on(line, colours);
        show(finished);
    }

    @Override
    public boolean endOpen(String rest) {
        if (openLine.isEmpty()) {
            return false;
        }
        openLine += Style.NOTE.on(rest, colours);
        show(withOpenLine(List.of()));
        return true;
    }

    @Override
    public void text(int indent, String text) {
        var finished = withOpenLine(List.of());
        if (layout == null) {
            textIndent = indent;
            layout = layouts.apply(columns(indent));
        }
        var rows = new ArrayList<>(finished);
        layout.add(text).forEach(row -> rows.add(indented(row)));
        show(rows);
    }

    private String indented(String row) {
        return row.isEmpty() ? row : " ".repeat(textIndent) + row;
    }

    @Override
    public void endText() {
        if (layout != null) {
            var rest = layout.end().stream().map(this::indented).toList();
            layout = null;
            show(rest);
        }
    }

    @Override
    public void status(String newStatus) {
        if (!status.equals(newStatus)) {
            status = newStatus;
            show(List.of());
        }
    }

    @Override
    public boolean hasStatus() {
        return true;
    }

    @Override
    public int columns(int indent) {
        return Math.max(Math.min(width.getAsInt() - 1, MAX_TEXT) - indent, MIN_TEXT);
    }

    @Override
    public void finish() {
        endText();
        status = "";
        show(withOpenLine(List.of()));
    }

    /** Prints rows above those that may change. */
    private void show(List<String> finished) {
        var all = new StringBuilder();
        if (changing > 0) {
            all.append('\r');
            if (changing > 1) {
                all.append("\u001b[").append(changing - 1).append('A');
            }
            all.append(ERASE_BELOW);
        }
        for (var row : finished) {
            all.append(row).append('\n');
            printed = true;
            emptyLine = row.isEmpty();
        }
        var rows = changingRows();
        if (!rows.isEmpty()) {
            all.append(WRAP_OFF).append(String.join("\n", rows)).append(WRAP_ON);
        }
        changing = rows.size();
        out.print(all);
        out.flush();
    }

    private List<String> changingRows() {
        var rows = new ArrayList<String>();
        if (layout != null) {
            var pending = layout.pending();
            pending.subList(Math.max(pending.size() - MAX_PENDING, 0), pending.size())
                    .forEach(row -> rows.add(indented(row)));
        } else if (!openLine.isEmpty()) {
            rows.add(openLine);
        }
        if (!status.isEmpty()) {
            rows.add(Style.NOTE.on(TextWidth.cut(status, Math.max(width.getAsInt() - 1, MIN_TEXT)), colours));
        }
        return rows;
    }
}
