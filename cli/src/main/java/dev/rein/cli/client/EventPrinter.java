package dev.rein.cli.client;

import dev.rein.cli.OutputClosedException;
import dev.rein.text.PlainText;
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
    private @Nullable String author;
    private boolean hasText;
    private boolean midLine;

    EventPrinter(PrintWriter out, PrintWriter err, Ansi ansi, boolean json) {
        this.out = out;
        this.err = err;
        this.ansi = ansi;
        this.json = json;
    }

    void print(EventFrame event) {
        if (json) {
            out.println(PlainText.of(event.text()));
            OutputClosedException.flush(out);
            return;
        }
        switch (event.plainEvent()) {
            case "RunStarted" -> author(event);
            case "StepStarted" -> heading("step " + event.field("step_name"));
            case "ToolCallStarted" ->
                note("tool " + event.data().path("tool").path("tool_name").asText());
            case "RunPaused", "WorkflowPaused", "StepPaused" -> note("waiting for a decision");
            case "RunContent" -> {
                author(event);
                content(event.field("content"));
            }
            default -> {}
        }
    }

    /** Prints the content of the terminal event if no text was streamed, as with steps that are functions. */
    void last(EventFrame event) {
        if (!json && !hasText && event.event().endsWith("Completed")) {
            content(event.field("content"));
        }
    }

    private void author(EventFrame event) {
        var name = name(event);
        if (name != null && !name.equals(author)) {
            author = name;
            heading(name);
        }
    }

    private static @Nullable String name(EventFrame event) {
        var agent = event.field("agent_name");
        var team = event.field("team_name");
        var name = agent != null ? agent : team;
        if (name != null) {
            return name;
        }
        var agentId = event.field("agent_id");
        return agentId != null ? agentId : event.field("team_id");
    }

    private void content(@Nullable String text) {
        if (text != null && !text.isEmpty()) {
            hasText = true;
            out.print(PlainText.of(text));
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
            var line = PlainText.line(text);
            err.println(ansi.enabled() ? Style.fg_cyan.on() + line + Style.reset.on() : line);
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
