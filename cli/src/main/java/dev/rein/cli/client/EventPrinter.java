package dev.rein.cli.client;

import dev.rein.cli.OutputClosedException;
import dev.rein.cli.RunPrinters;
import dev.rein.print.RunPrinter;
import dev.rein.text.PlainText;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Prints events: as JSON, one per line; or for people, on a terminal in one stream, elsewhere the text to standard output and all else to
 * standard error. Throws {@link OutputClosedException} when standard output is closed. Not thread-safe.
 */
final class EventPrinter implements AutoCloseable {
    private final PrintWriter out;
    private final FrameEvents events = new FrameEvents();

    /** Null for JSON. */
    private final @Nullable RunPrinter printer;

    private final @Nullable Thread ticker;
    private boolean finished;

    EventPrinter(CommandLine line, boolean json) {
        out = line.getOut();
        printer = json ? null : RunPrinters.textApart(line);
        ticker = printer == null ? null : RunPrinters.tick(printer);
    }

    void print(EventFrame frame) {
        if (printer == null) {
            out.println(PlainText.of(frame.text()));
        } else {
            var event = events.of(frame);
            if (event != null) {
                printer.print(event);
            }
        }
        OutputClosedException.flush(out);
    }

    /** Prints how the run has ended and what it has used. Call it after the last event. */
    void finish() {
        if (printer != null && !finished) {
            finished = true;
            printer.finish(events.metrics());
            OutputClosedException.flush(out);
        }
    }

    /** Removes what only a live run has. */
    @Override
    public void close() {
        if (ticker != null) {
            ticker.interrupt();
        }
        if (printer != null && !finished) {
            finished = true;
            printer.finish(null);
        }
    }
}
