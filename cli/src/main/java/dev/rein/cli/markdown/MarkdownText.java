package dev.rein.cli.markdown;

import dev.rein.print.TextLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Renders Markdown block by block: a block is final once the next one begins. Code between fences is final line by line. Not
 * thread-safe.
 */
public final class MarkdownText implements TextLayout {
    private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+)[^`]*");
    private static final Pattern ITEM = Pattern.compile("\\s*([-*+]|\\d{1,9}[.)])\\s.*");
    private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}(\\s.*)?");

    /** A longer block is divided, because it is rendered anew with each part. */
    private static final int MAX_BLOCK = 20_000;

    private final int columns;
    private final Blocks blocks;

    private final StringBuilder block = new StringBuilder();
    private final StringBuilder line = new StringBuilder();

    /** What closes the code; empty outside. */
    private String fence = "";

    private boolean afterEmptyLine;
    private boolean hasRows;

    /**
     * @param columns the width of rows
     * @param colours whether rows have styles
     */
    public MarkdownText(int columns, boolean colours) {
        this.columns = columns;
        this.blocks = new Blocks(colours);
    }

    @Override
    public List<String> add(String text) {
        var rows = new ArrayList<String>();
        var from = 0;
        for (var at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
            line.append(text, from, at);
            addLine(line.toString(), rows);
            line.setLength(0);
            from = at + 1;
        }
        line.append(text, from, text.length());
        if (line.length() > MAX_BLOCK) {
            addLine(line.toString(), rows);
            line.setLength(0);
        }
        return rows;
    }

    private void addLine(String added, List<String> rows) {
        if (!fence.isEmpty()) {
            if (added.strip().startsWith(fence)
                    && added.strip().replace(fence.substring(0, 1), "").isEmpty()) {
                fence = "";
            } else {
                rows.addAll(blocks.codeLine(added, columns));
            }
            return;
        }
        if (added.isBlank()) {
            afterEmptyLine = true;
            block.append('\n');
            return;
        }
        if (begins(added)) {
            endBlock(rows);
        }
        afterEmptyLine = false;
        var opening = FENCE.matcher(added);
        if (opening.matches() && !isList()) {
            endBlock(rows);
            gap(rows);
            hasRows = true;
            fence = opening.group(1);
            return;
        }
        block.append(added).append('\n');
        if ((HEADING.matcher(added).matches() && !isList()) || block.length() > MAX_BLOCK) {
            endBlock(rows);
        }
    }

    /** Whether a line begins a block, and does not belong to the list before it. */
    private boolean begins(String added) {
        if (HEADING.matcher(added).matches()) {
            return true;
        }
        return afterEmptyLine
                && !(isList()
                        && (added.startsWith("  ")
                                || added.startsWith("\t")
                                || ITEM.matcher(added).matches()));
    }

    private boolean isList() {
        var end = block.indexOf("\n");
        return end > 0 && ITEM.matcher(block.substring(0, end)).matches();
    }

    private void endBlock(List<String> rows) {
        var made = blocks.rows(block.toString(), columns);
        block.setLength(0);
        if (!made.isEmpty()) {
            gap(rows);
            rows.addAll(made);
            hasRows = true;
        }
    }

    private void gap(List<String> rows) {
        if (hasRows) {
            rows.add("");
        }
    }

    @Override
    public List<String> pending() {
        if (!fence.isEmpty()) {
            return line.isEmpty() ? List.of() : blocks.codeLine(line.toString(), columns);
        }
        var rows = new ArrayList<String>();
        var made = blocks.rows(block.toString() + line, columns);
        if (!made.isEmpty()) {
            gap(rows);
            rows.addAll(made);
        }
        return rows;
    }

    @Override
    public List<String> end() {
        var rows = new ArrayList<String>();
        if (!line.isEmpty()) {
            addLine(line.toString(), rows);
            line.setLength(0);
        }
        endBlock(rows);
        fence = "";
        afterEmptyLine = false;
        hasRows = false;
        return rows;
    }
}
