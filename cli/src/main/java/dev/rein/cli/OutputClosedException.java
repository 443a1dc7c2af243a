package dev.rein.cli;

import java.io.PrintWriter;

/** Thrown when standard output is closed, as in {@code rein run ... | head -1}: the command exits silently. */
public final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exit code that shells report for SIGPIPE: 128 + 13. */
    static final int EXIT_CODE = 141;

    private OutputClosedException() {
        super("standard output was closed", null, false, false);
    }

    /**
     * Flushes the output.
     *
     * @throws OutputClosedException if it is closed
     */
    public static void flush(PrintWriter out) {
        // PrintWriter reports write errors only on request.
        if (out.checkError()) {
            throw new OutputClosedException();
        }
    }
}
