package dev.rein.cli.markdown;

import dev.rein.text.PlainText;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/** The text of a paragraph, a heading or a cell with its styles. */
final class Inlines extends AbstractVisitor {
    private static final String BOLD = "1";
    private static final String ITALIC = "3";
    private static final String UNDERLINED = "4";
    static final String CODE = "36";

    private final StyledText text = new StyledText();
    private String style;

    private Inlines(String style) {
        this.style = style;
    }

    /** @param style the style of all of it */
    static StyledText of(Node node, String style) {
        var inlines = new Inlines(style);
        inlines.visitChildren(node);
        return inlines.text;
    }

    static StyledText heading(Node node) {
        return of(node, BOLD);
    }

    /** The entity of a control character has become that character only now. */
    private void add(String literal, String itsStyle) {
        text.add(PlainText.line(literal), itsStyle);
    }

    private void inside(Node node, String more) {
        var before = style;
        style = style.isEmpty() ? more : style + ";" + more;
        visitChildren(node);
        style = before;
    }

    @Override
    public void visit(Text node) {
        add(node.getLiteral(), style);
    }

    @Override
    public void visit(Code node) {
        add(node.getLiteral(), style.isEmpty() ? CODE : style + ";" + CODE);
    }

    @Override
    public void visit(HtmlInline node) {
        add(node.getLiteral(), style);
    }

    @Override
    public void visit(Emphasis node) {
        inside(node, ITALIC);
    }

    @Override
    public void visit(StrongEmphasis node) {
        inside(node, BOLD);
    }

    /** Models break lines where a reader should see it. */
    @Override
    public void visit(SoftLineBreak node) {
        text.add("\n", "");
    }

    @Override
    public void visit(HardLineBreak node) {
        text.add("\n", "");
    }

    @Override
    public void visit(Link node) {
        link(node, node.getDestination());
    }

    @Override
    public void visit(Image node) {
        link(node, node.getDestination());
    }

    /** The address is shown: a text that is another address would lead astray. */
    private void link(Node node, String address) {
        var label = new Inlines(style);
        label.visitChildren(node);
        inside(node, UNDERLINED);
        if (!label.text.toString().equals(address)) {
            add((label.text.isEmpty() ? "" : " ") + "(" + address + ")", style);
        }
    }
}
