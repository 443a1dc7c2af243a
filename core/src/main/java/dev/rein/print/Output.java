package dev.rein.print;

/** Where the lines and the text of a run are printed. Used by one thread at a time. */
interface Output {

    /** Prints a line that is not text of the run. */
    void line(int indent, Style style, String line);

    /** Prints the heading of a run or a step, with a detail behind its name. */
    void heading(int indent, Style style, String name, String detail);

    /** Prints an empty line, unless nothing was printed yet or the last line is empty. */
    void gap();

    /** Begins a line that is not text of the run, and that {@link #endOpen} may continue. */
    void open(int indent, Style style, String line);

    /** Continues and ends the line that was begun last; returns false if it has ended because something else was printed. */
    boolean endOpen(String rest);

    /** Prints more text of the run; it ends with {@link #endText}. */
    void text(int indent, String text);

    /** Ends the text, with a line break if it has none. */
    void endText();

    /** Shows what the run does now in place of what was shown before, where the output can replace it. */
    void status(String status);

    /** Whether {@link #status} shows anything. */
    boolean hasStatus();

    /** The columns for a line with an indent. */
    int columns(int indent);

    /** Removes the status; the output can be used by others. */
    void finish();
}
