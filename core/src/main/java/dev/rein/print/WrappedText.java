package dev.rein.print;

import java.util.ArrayList;
import java.util.List;

/** Wraps text between words. */
final class WrappedText implements TextLayout {
    private final int columns;
    private String line = "";

    WrappedText(int columns) {
        this.columns = columns;
    }

    @Override
    public List<String> add(String text) {
        var rows = new ArrayList<String>();
        var from = 0;
        for (var at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
            rows.addAll(TextWidth.wrap(line + text.substring(from, at), columns));
            line = "";
            from = at + 1;
        }
        // All rows but the last are final, because a longer word at the end stays in the last one.
        var open = TextWidth.wrap(line + text.substring(from), columns);
        line = open.removeLast();
        rows.addAll(open);
        return rows;
    }

    @Override
    public List<String> pending() {
        return line.isEmpty() ? List.of() : List.of(line);
    }

    @Override
    public List<String> end() {
        var rest = pending();
        line = "";
        return rest;
    }
}
