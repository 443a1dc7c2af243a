package dev.rein.cli.markdown;

import dev.rein.print.TextWidth;
import dev.rein.text.PlainText;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** The rows of blocks of Markdown. Thread-safe. */
final class Blocks {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final int MIN_COLUMNS = 10;
    private static final int RULE = 40;
    private static final int MAX_DEPTH = 20;

    private final boolean colours;

    Blocks(boolean colours) {
        this.colours = colours;
    }

    List<String> rows(String markdown, int columns) {
        return children(PARSER.parse(markdown), columns, 0);
    }

    /** The blocks in a node, with an empty row between those that are no items. */
    private List<String> children(Node parent, int columns, int depth) {
        var rows = new ArrayList<String>();
        for (var each = parent.getFirstChild(); each != null; each = each.getNext()) {
            var block = block(each, Math.max(columns, MIN_COLUMNS), depth);
            if (!rows.isEmpty() && !block.isEmpty() && !(parent instanceof ListItem)) {
                rows.add("");
            }
            rows.addAll(block);
        }
        return rows;
    }

    private List<String> block(Node node, int columns, int depth) {
        if (depth > MAX_DEPTH) {
            return List.of("...");
        }
        return switch (node) {
            case Heading heading -> Inlines.heading(heading).rows(columns, colours);
            case BulletList list -> items(list, 0, columns, depth);
            case OrderedList list ->
                items(list, list.getMarkerStartNumber() == null ? 1 : list.getMarkerStartNumber(), columns, depth);
            case BlockQuote quote ->
                children(quote, columns - 2, depth + 1).stream()
                        .map(row -> ("│ " + row).stripTrailing())
                        .toList();
            case FencedCodeBlock code -> code(code.getLiteral(), columns);
            case IndentedCodeBlock code -> code(code.getLiteral(), columns);
            case HtmlBlock html -> code(html.getLiteral(), columns);
            case ThematicBreak _ -> List.of("─".repeat(Math.min(columns, RULE)));
            case TableBlock table -> Tables.rows(table, columns, colours);
            case LinkReferenceDefinition _ -> List.of();
            case Block block -> Inlines.of(block, "").rows(columns, colours);
            default -> List.of();
        };
    }

    /** @param first the number of the first item; 0 for bullets */
    private List<String> items(Node list, int first, int columns, int depth) {
        var rows = new ArrayList<String>();
        var number = first;
        for (var item = list.getFirstChild(); item != null; item = item.getNext()) {
            var marker = first == 0 ? "• " : number + ". ";
            number++;
            var content = children(item, columns - marker.length(), depth + 1);
            var at = rows.size();
            content.forEach(row -> rows.add(row.isEmpty() ? row : " ".repeat(marker.length()) + row));
            if (content.isEmpty()) {
                rows.add(marker.stripTrailing());
            } else {
                rows.set(at, marker + content.getFirst());
            }
        }
        return rows;
    }

    private List<String> code(String literal, int columns) {
        var rows = new ArrayList<String>();
        for (var line : literal.lines().toList()) {
            rows.addAll(codeLine(line, columns));
        }
        return rows;
    }

    /** The rows of a line of code. */
    List<String> codeLine(String line, int columns) {
        var rows = new ArrayList<String>();
        for (var row : TextWidth.wrap(PlainText.of(line), Math.max(columns - 2, MIN_COLUMNS))) {
            var code = new StyledText();
            code.add(row, Inlines.CODE);
            code.rows(columns, colours).forEach(each -> rows.add(row.isEmpty() ? "" : "  " + each));
        }
        return rows;
    }
}
