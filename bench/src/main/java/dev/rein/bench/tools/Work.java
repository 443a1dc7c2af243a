package dev.rein.bench.tools;

import java.io.IOException;

/** What a tool does until it is stopped, and whether it still does it. */
interface Work extends AutoCloseable {
    /** The tool, as an agent gets it. */
    Object tool();

    /** The call that never ends by itself. */
    CallingModel model();

    /** How many pieces of work are going on: those of one call while it waits, and none afterwards. */
    int running() throws IOException;

    /** How many pieces one call has. */
    default int pieces() {
        return 1;
    }

    @Override
    void close() throws IOException;
}
