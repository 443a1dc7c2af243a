package dev.rein.cli.client;

import org.jspecify.annotations.Nullable;

/** Follows the events of a run to their end and determines how the run ended. Not thread-safe. */
final class RunFollower {
    /** How a run ended, as an exit code. */
    enum End {
        COMPLETED(0),
        FAILED(1),
        CANCELLED(3),
        /** The run is paused and the stream has ended. */
        PAUSED(4),
        /** The events ended before the run did. */
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
            if (isOfRun(frame)) {
                update(frame);
            }
            paused = frame.event().endsWith("Paused");
            printer.print(frame);
        }
        printer.finish();
        return end == End.OPEN && paused ? End.PAUSED : end;
    }

    /** Why the run did not complete, or its stream ended before it; null if no reason was given. */
    @Nullable
    String reason() {
        return reason;
    }

    private boolean isOfRun(EventFrame frame) {
        var id = frame.field("run_id");
        return id == null || id.equals(runId);
    }

    private void update(EventFrame frame) {
        var name = switch (kind) {
            case AGENT -> frame.event();
            case TEAM -> frame.plainEvent();
            case WORKFLOW -> frame.event().replaceFirst("^Workflow", "Run");
        };
        // A cancelled run has a second terminal event, RunCompleted, for older clients.
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
            // The server ends the stream, and not the run.
            case "error" -> reason = frame.field("error");
            case "stream_expired" -> reason = frame.field("message");
            default -> {}
        }
    }
}
