package dev.rein.print;

import java.util.List;

/**
 * Divides the text of one run into rows for a terminal while it arrives, such as by wrapping words or by rendering Markdown. The
 * text has no control characters but line breaks and tabs; rows may contain the escape sequences of colours and styles, each
 * closed in the same row. Used by one thread at a time.
 */
public interface TextLayout {

    /** Adds text and returns the rows that have become final, in order. */
    List<String> add(String text);

    /** The rows of the text that is not final yet; may be empty. Later text may change them. */
    List<String> pending();

    /** Ends the text and returns the remaining rows. Text that is added afterwards begins anew. */
    List<String> end();
}
