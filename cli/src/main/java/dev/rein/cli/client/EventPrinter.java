package dev.rein.cli.client;

import dev.rein.cli.OutputClosedException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Prints events: as JSON, one per line; or the text to standard output and headings to standard error. Throws
 * {@link OutputClosedException} when standard output is closed. Not thread-safe.
 */
final class EventPrinter {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Ansi ansi;
    private final boolean json;
    private @Nullable String writer;
    private boolean written;
    private boolean midLine;

    EventPrinter(PrintWriter out, PrintWriter err, Ansi ansi, boolean json) {
        this.out = out;
        this.err = err;
        this.ansi = ansi;
        this.json = json;
    }

    void print(EventFrame frame) {
        if (json) {
            out.println(frame.text());
            OutputClosedException.flush(out);
            return;
        }
        switch (frame.plainEvent()) {
            case "RunStarted" -> wrote(frame);
            case "StepStarted" -> heading("step " + frame.field("step_name"));
            case "ToolCallStarted" ->
                note("tool " + frame.data().path("tool").path("tool_name").asText());
            case "RunPaused", "WorkflowPaused", "StepPaused" -> note("it waits for people to decide");
            case "RunContent" -> {
                wrote(frame);
                content(frame.field("content"));
            }
            default -> {}
        }
    }

    /** Prints the content of the terminal event if no text was streamed, as with steps that are functions. */
    void last(EventFrame frame) {
        if (!json && !written && frame.event().endsWith("Completed")) {
            content(frame.field("content"));
        }
    }

    private void wrote(EventFrame frame) {
        var name = name(frame);
        if (name != null && !name.equals(writer)) {
            writer = name;
            heading(name);
        }
    }

    private static @Nullable String name(EventFrame frame) {
        var agent = frame.field("agent_name");
        var team = frame.field("team_name");
        var name = agent != null ? agent : team;
        if (name != null) {
            return name;
        }
        var agentId = frame.field("agent_id");
        return agentId != null ? agentId : frame.field("team_id");
    }

    private void content(@Nullable String text) {
        if (text != null && !text.isEmpty()) {
            written = true;
            out.print(text);
            OutputClosedException.flush(out);
            midLine = !text.endsWith("\n");
        }
    }

    private void heading(String text) {
        note("== " + text);
    }

    /** Prints a line to standard error. */
    void note(String text) {
        endLine();
        if (!json) {
            err.println(ansi.enabled() ? Style.fg_cyan.on() + text + Style.reset.on() : text);
            err.flush();
        }
    }

    void endLine() {
        if (midLine) {
            out.println();
            OutputClosedException.flush(out);
            midLine = false;
        }
    }
}
