package dev.rein.print;

import java.io.PrintWriter;

/** Prints plain text, as it comes. With a writer of its own for lines that are no text of the run, the text is printed alone. */
final class PlainOutput implements Output {
    private static final int COLUMNS = 120;

    private final PrintWriter out;
    private final PrintWriter notes;
    private final boolean apart;
    private boolean printed;
    private boolean emptyLine;
    private boolean lineOpen;
    private boolean textOpen;
    private boolean midLine;

    @SuppressWarnings("ReferenceEquality") // Writers have no other equality.
    PlainOutput(PrintWriter out, PrintWriter notes) {
        this.out = out;
        this.notes = notes;
        this.apart = out != notes;
    }

    @Override
    public void line(int indent, Style style, String line) {
        open(indent, style, line);
        endOpen("");
    }

    @Override
    public void heading(int indent, Style style, String name, String detail) {
        line(indent, style, detail.isEmpty() ? name : name + "  " + detail);
    }

    @Override
    public void gap() {
        endText();
        endLine();
        if (!apart && printed && !emptyLine) {
            out.println();
            emptyLine = true;
        }
    }

    @Override
    public void open(int indent, Style style, String line) {
        endText();
        endLine();
        notes.print(" ".repeat(indent) + line);
        notes.flush();
        lineOpen = true;
        printed = true;
        emptyLine = false;
    }

    @Override
    public boolean endOpen(String rest) {
        var isOpen = lineOpen;
        if (isOpen) {
            notes.print(rest);
            endLine();
        }
        return isOpen;
    }

    private void endLine() {
        if (lineOpen) {
            notes.println();
            notes.flush();
            lineOpen = false;
        }
    }

    @Override
    public void text(int indent, String text) {
        endLine();
        var prefix = apart ? "" : " ".repeat(indent);
        for (var line : text.split("(?<=\n)")) {
            if (!midLine && !line.equals("\n")) {
                out.print(prefix);
            }
            out.print(line);
            midLine = !line.endsWith("\n");
        }
        out.flush();
        textOpen = true;
        printed = true;
        emptyLine = false;
    }

    @Override
    public void endText() {
        if (textOpen && midLine) {
            out.println();
            out.flush();
        }
        textOpen = false;
        midLine = false;
    }

    @Override
    public void status(String status) {
        // Nothing that was printed can be replaced.
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    @Override
    public int columns(int indent) {
        return COLUMNS - indent;
    }

    @Override
    public void finish() {
        endText();
        endLine();
    }
}
