package dev.rein.cli.client;

import org.jspecify.annotations.Nullable;

/** Reads the events of a run to their end, and knows how the run has ended. Not thread-safe. */
final class RunFollower {
    /** How a run ended, as an exit code. */
    enum End {
        COMPLETED(0),
        FAILED(1),
        CANCELLED(3),
        /** It waits for people, and nobody follows it meanwhile. */
        PAUSED(4),
        /** The events ended, the run did not. */
        OPEN(1);

        private final int exitCode;

        End(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    private final ComponentType kind;
    private final String runId;
    private final EventPrinter printer;
    private End end = End.OPEN;
    private @Nullable String reason;
    private boolean paused;

    RunFollower(ComponentType kind, String runId, EventPrinter printer) {
        this.kind = kind;
        this.runId = runId;
        this.printer = printer;
    }

    End follow(EventReader frames) {
        for (var frame = frames.next(); frame != null; frame = frames.next()) {
            if (isOurs(frame)) {
                take(frame);
            }
            paused = frame.event().endsWith("Paused");
            printer.print(frame);
        }
        printer.endLine();
        return end == End.OPEN && paused ? End.PAUSED : end;
    }

    /** Why it did not complete; null if it did, or if nobody said. */
    @Nullable
    String reason() {
        return reason;
    }

    private boolean isOurs(EventFrame frame) {
        var id = frame.field("run_id");
        return id == null || id.equals(runId);
    }

    private void take(EventFrame frame) {
        var name = switch (kind) {
            case AGENT -> frame.event();
            case TEAM -> frame.plainEvent();
            case WORKFLOW -> frame.event().replaceFirst("^Workflow", "Run");
        };
        // A cancelled run is told twice: its completed event comes for the old clients.
        if (end != End.OPEN) {
            return;
        }
        switch (name) {
            case "RunCompleted" -> end = End.COMPLETED;
            case "RunCancelled" -> {
                end = End.CANCELLED;
                reason = frame.field("reason");
            }
            case "RunError" -> {
                end = End.FAILED;
                reason = frame.field(kind == ComponentType.WORKFLOW ? "error" : "content");
            }
            default -> {}
        }
        if (end != End.OPEN) {
            printer.last(frame);
        }
    }
}
