package dev.rein.cli.markdown;

import dev.rein.print.TextWidth;
import java.util.ArrayList;
import java.util.List;

/** Text whose parts have styles, such as the content of a paragraph. A style is a list of parameters of an escape sequence; empty for none. */
final class StyledText {
    private final StringBuilder text = new StringBuilder();
    /** The style of each char. */
    private final List<String> styles = new ArrayList<>();

    void add(String part, String style) {
        text.append(part);
        for (var i = 0; i < part.length(); i++) {
            styles.add(style);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    int width() {
        return TextWidth.of(text.toString());
    }

    /** Rows of at most {@code columns}, divided between words and at line breaks; at least one. */
    List<String> rows(int columns, boolean colours) {
        var rows = new ArrayList<String>();
        var from = 0;
        while (true) {
            var end = text.indexOf("\n", from);
            wrap(from, end < 0 ? text.length() : end, columns, colours, rows);
            if (end < 0) {
                return rows;
            }
            from = end + 1;
        }
    }

    private void wrap(int start, int end, int columns, boolean colours, List<String> rows) {
        var from = start;
        while (true) {
            var at = from;
            var width = 0;
            var space = -1;
            while (at < end) {
                var each = text.codePointAt(at);
                width += TextWidth.of(each);
                if (each == ' ') {
                    space = at;
                }
                if (width > columns && at > from) {
                    break;
                }
                at += Character.charCount(each);
            }
            if (at >= end) {
                rows.add(row(from, end, colours));
                return;
            }
            var cut = space > from ? space : at;
            rows.add(row(from, cut, colours));
            from = cut;
            while (from < end && text.charAt(from) == ' ') {
                from++;
            }
        }
    }

    private String row(int from, int end, boolean colours) {
        if (!colours) {
            return text.substring(from, end);
        }
        var row = new StringBuilder();
        var style = "";
        for (var at = from; at < end; at++) {
            if (!styles.get(at).equals(style)) {
                row.append(style.isEmpty() ? "" : "\u001b[0m");
                style = styles.get(at);
                row.append(style.isEmpty() ? "" : "\u001b[" + style + "m");
            }
            row.append(text.charAt(at));
        }
        return row.append(style.isEmpty() ? "" : "\u001b[0m").toString();
    }
}
