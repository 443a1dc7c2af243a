package dev.rein.cli;

import java.io.PrintWriter;

/** Nobody reads standard output any more, such as in {@code rein run ... | head -1}: the command ends, and says nothing. */
public final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What shells report of a program that such a write has ended: 128 and SIGPIPE. */
    static final int EXIT_CODE = 141;

    private OutputClosedException() {
        super("standard output was closed", null, false, false);
    }

    /**
     * Sends on what was printed.
     *
     * @throws OutputClosedException if it can't be
     */
    public static void flush(PrintWriter out) {
        // A PrintWriter hides that it can't write, unless it is asked.
        if (out.checkError()) {
            throw new OutputClosedException();
        }
    }
}
