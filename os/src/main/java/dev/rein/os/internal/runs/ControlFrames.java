package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.RunStatus;

/** Frames that tell a client about its stream, as opposed to events of a run; the same for SSE and WebSocket. */
public final class ControlFrames {
    private ControlFrames() {}

    /** The common part of all control frames. */
    public static ObjectNode of(String name, String runId) {
        return WireJson.object().put("event", name).put("run_id", runId);
    }

    /** Announces the missed events of a live run. */
    public static ObjectNode catchUp(String runId, int missed, long total) {
        return of("catch_up", runId)
                .put("status", "running")
                .put("missed_events", missed)
                .put("current_event_count", total)
                .put("message", "Catching up on " + missed + " missed events.");
    }

    /** Separates the missed events of a live run from new ones. */
    public static ObjectNode subscribed(String runId, long total) {
        return of("subscribed", runId)
                .put("status", "running")
                .put("current_event_count", total)
                .put("message", "Following the run from here on.");
    }

    /** Announces the events of a live run of another process; how many the client has missed is not known. */
    public static ObjectNode elsewhere(String runId) {
        return of("catch_up", runId)
                .put("status", "running")
                .put(
                        "message",
                        "The run is in another process. Catching up on its events and following it from there.");
    }

    /** Ends a stream whose next event is no longer in memory. */
    public static ObjectNode expired(String runId, RunStatus status, String message) {
        return of("stream_expired", runId)
                .put("status", RunStatuses.shown(status))
                .put("message", message);
    }

    /** Ends a stream that the server can't continue. */
    public static ObjectNode failed(String runId, Throwable e) {
        return of("error", runId)
                .put("error", "Internal server error (" + e.getClass().getSimpleName() + ")");
    }

    /** A control frame as a server-sent event. */
    static byte[] sse(ObjectNode frame) {
        return new EventFrame(frame.path("event").asText(), frame).spacedSse();
    }
}
